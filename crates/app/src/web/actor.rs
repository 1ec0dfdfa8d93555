//! Who acts? One place, until accounts come: then this reads the session.

/// The person under whose name everything is recorded for now.
pub const LOCAL_USER: &str = "Локальный пользователь";
