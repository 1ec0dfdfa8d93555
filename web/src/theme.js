// Switches the theme without loading the page again; the cookie tells the server for the next page.
const order = ['system', 'light', 'dark'];
const words = {
  system: 'Тема: как в системе. Включить светлую',
  light: 'Тема: светлая. Включить тёмную',
  dark: 'Тема: тёмная. Включить как в системе',
};
const icons = { system: 'monitor', light: 'sun', dark: 'moon' };
const schemes = { system: 'light dark', light: 'light', dark: 'dark' };

document.querySelector('.theme-switch')?.addEventListener('submit', (event) => {
  event.preventDefault();
  const button = event.currentTarget.querySelector('button');
  const theme = button.value;
  document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax`;
  document.documentElement.dataset.theme = theme;
  document.querySelector('meta[name="color-scheme"]').content = schemes[theme];
  const use = button.querySelector('use');
  use.setAttribute('href', use.getAttribute('href').replace(/#.*/, `#${icons[theme]}`));
  button.title = words[theme];
  button.setAttribute('aria-label', words[theme]);
  button.value = order[(order.indexOf(theme) + 1) % order.length];
});
