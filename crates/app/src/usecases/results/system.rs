//! Why did the system refuse, in words a reader understands?

/// Why the system refused, in Russian; what it says itself stands in brackets, where there is no word for it.
pub fn system_words(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    if error.get_ref().is_some() && error.raw_os_error().is_none() && error.kind() == ErrorKind::Other {
        // An error of our own tells itself in Russian.
        return error.to_string();
    }
    let known = match error.kind() {
        ErrorKind::NotFound => "файла или папки нет",
        ErrorKind::PermissionDenied => "нет прав",
        ErrorKind::AlreadyExists => "такой файл уже есть",
        ErrorKind::IsADirectory => "это папка",
        ErrorKind::NotADirectory => "это не папка",
        ErrorKind::StorageFull => "на диске нет места",
        ErrorKind::ReadOnlyFilesystem => "диск открыт только для чтения",
        ErrorKind::InvalidData => "содержимое не в UTF-8",
        ErrorKind::AddrInUse => "адрес уже занят",
        ErrorKind::AddrNotAvailable => "такого адреса у этого компьютера нет",
        ErrorKind::UnexpectedEof => "файл обрезан",
        ErrorKind::TimedOut => "ответа нет слишком долго",
        _ => return format!("система отказала (подробность: {error})"),
    };
    known.to_owned()
}
