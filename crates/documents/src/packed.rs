//! What is inside a packed office file, without ever unpacking more than is allowed?
//!
//! Sizes declared in a zip lie in zip bombs, so the bytes are counted as they come out.

use crate::limits::Limits;
use crate::refuse::{self, Refused};
use std::io::{Cursor, Read};
use zip::result::ZipError;

/// An open zip container.
pub(crate) struct Packed<'a> {
    archive: zip::ZipArchive<Cursor<&'a [u8]>>,
    bytes_left: u64,
    bytes_max: u64,
}

impl<'a> Packed<'a> {
    pub(crate) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Refused> {
        let archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| refuse::truncated(""))?;
        if archive.len() > limits.max_entries {
            return Err(
                refuse::hostile("Внутри тысячи частей: так устроены файлы, сделанные во вред.").into()
            );
        }
        let bytes_max = limits.max_unpacked_bytes;
        Ok(Self { archive, bytes_left: bytes_max, bytes_max })
    }

    /// Is there a part whose name satisfies the condition?
    pub(crate) fn has(&self, condition: impl Fn(&str) -> bool) -> bool {
        self.archive.file_names().flatten().any(|name| condition(&name))
    }

    /// The bytes of a part; `None` where there is no such part.
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, Refused> {
        let Some(index) = self.archive.index_for_name(name) else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        self.unpack(index, &mut bytes)?;
        Ok(Some(bytes))
    }

    /// The bytes of a part that has to be there.
    pub(crate) fn needed(&mut self, name: &str) -> Result<Vec<u8>, Refused> {
        self.part(name)?.ok_or_else(|| refuse::truncated(&format!("внутри нет части {name}")).into())
    }

    /// Unpacks everything to nowhere, to make sure that another reader may do it.
    pub(crate) fn check_size(&mut self) -> Result<(), Refused> {
        (0..self.archive.len()).try_for_each(|index| self.unpack(index, &mut std::io::sink()))
    }

    fn unpack(&mut self, index: usize, target: &mut impl std::io::Write) -> Result<(), Refused> {
        let file = match self.archive.by_index(index) {
            Ok(file) => file,
            Err(ZipError::UnsupportedArchive(why)) if why.contains("assword") => {
                return Err(refuse::encrypted().into());
            }
            Err(_) => return Err(refuse::truncated("одна из его частей не распаковывается").into()),
        };
        let copied = std::io::copy(&mut file.take(self.bytes_left + 1), target)
            .map_err(|_| refuse::truncated("одна из его частей не распаковывается"))?;
        if copied > self.bytes_left {
            return Err(refuse::unpacks_too_large(self.bytes_max).into());
        }
        self.bytes_left -= copied;
        Ok(())
    }
}
