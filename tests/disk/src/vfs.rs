//! The disk as SQLite sees it: SQLite's own file system with every change of a file led through the
//! disk on which it lies. Files that lie on none pass by.
#![allow(
    unsafe_code,
    reason = "SQLite calls its file system through pointers to functions of C; each pointer that arrives here is one that SQLite made, or the memory it gave us for one file"
)]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::size_of;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr;
use std::slice;
use std::sync::Once;

use rusqlite::ffi;

use crate::contents::Node;
use crate::disk::{Disk, Refusal, find, inside};

/// One open file: what SQLite knows of it, what we do, and behind that the file below.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    /// Made when it is opened, freed when it is closed; null for a file on no disk of ours.
    watched: *mut Watched,
}

struct Watched {
    disk: Disk,
    node: Node,
    path: PathBuf,
    /// SQLite syncs the folder of a log that it has just made with the first sync of the log.
    is_new_log: bool,
}

/// Puts the disks under every SQLite connection that this process opens from now on.
pub fn insert() {
    static INSERTED: Once = Once::new();
    INSERTED.call_once(|| {
        // SAFETY: the default file system is there as long as the process; the copy is never freed.
        unsafe {
            let below = ffi::sqlite3_vfs_find(ptr::null());
            assert!(!below.is_null(), "SQLite has a file system");
            let ours = Box::leak(Box::new(*below));
            ours.szOsFile = (*below).szOsFile + size_of::<File>() as c_int;
            ours.zName = c"failing-disk".as_ptr();
            ours.pNext = ptr::null_mut();
            ours.pAppData = below.cast();
            ours.xOpen = Some(open);
            ours.xDelete = Some(delete);
            let done = ffi::sqlite3_vfs_register(ours, 1);
            assert_eq!(done, ffi::SQLITE_OK, "a file system can be registered");
        }
    });
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    // Without memory-mapped reading, which no connection of ours asks for.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

unsafe fn below(vfs: *mut ffi::sqlite3_vfs) -> *mut ffi::sqlite3_vfs {
    // SAFETY: `insert` put it there.
    unsafe { (*vfs).pAppData.cast() }
}

unsafe fn path_of<'p>(name: *const c_char) -> Option<&'p Path> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite's names end with a zero.
    let name = unsafe { CStr::from_ptr(name) };
    Some(Path::new(std::ffi::OsStr::from_bytes(name.to_bytes())))
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives `szOsFile` bytes, ours and those of the file below.
    unsafe {
        let ours = file.cast::<File>();
        (*ours).base.pMethods = ptr::null();
        (*ours).watched = ptr::null_mut();
        let below = below(vfs);
        let mut answer = ffi::SQLITE_CANTOPEN;
        let mut real = || {
            let open = (*below).xOpen.expect("SQLite's own file system opens files");
            answer = inside(|| open(below, name, inner(file), flags, out_flags));
            answer == ffi::SQLITE_OK
        };
        let mut watched = None;
        let mut is_open = None;
        if let Some((path, disk)) = path_of(name).and_then(|path| Some((path, find(path)?))) {
            let is_new = flags & ffi::SQLITE_OPEN_CREATE != 0 && !path.exists();
            let is_log = flags & (ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL) != 0;
            let node = if is_new {
                match disk.make(path, &mut real) {
                    Ok(node) => {
                        is_open = Some(true);
                        Some(node)
                    }
                    Err(Refusal::Below) => return answer,
                    Err(_) => return ffi::SQLITE_CANTOPEN,
                }
            } else {
                disk.node(path)
            };
            watched = node.map(|node| Watched {
                disk,
                node,
                path: path.to_owned(),
                is_new_log: is_new && is_log,
            });
        }
        if !is_open.unwrap_or_else(real) {
            return answer;
        }
        (*ours).base.pMethods = &METHODS;
        (*ours).watched = watched.map_or(ptr::null_mut(), |watched| Box::into_raw(Box::new(watched)));
        ffi::SQLITE_OK
    }
}

unsafe extern "C" fn delete(vfs: *mut ffi::sqlite3_vfs, name: *const c_char, sync_folder: c_int) -> c_int {
    // SAFETY: as SQLite calls it.
    unsafe {
        let below = below(vfs);
        let mut answer = ffi::SQLITE_IOERR_DELETE;
        let mut real = || {
            answer = (*below)
                .xDelete
                .map_or(ffi::SQLITE_IOERR_DELETE, |delete| delete(below, name, sync_folder));
            answer == ffi::SQLITE_OK
        };
        let watched = path_of(name).filter(|path| path.exists());
        match watched.and_then(|path| Some((path, find(path)?))) {
            Some((path, disk)) => {
                let done = disk.remove(path, sync_folder != 0, real);
                told(done, answer, ffi::SQLITE_IOERR_DELETE)
            }
            None => {
                real();
                answer
            }
        }
    }
}

/// What SQLite is told of an operation, where `below` is what the file system below said.
fn told(done: Result<(), Refusal>, below: c_int, failed: c_int) -> c_int {
    match done {
        Ok(()) | Err(Refusal::Below) => below,
        Err(Refusal::Io) => failed,
        Err(Refusal::Full) => ffi::SQLITE_FULL,
    }
}

/// The file below, which lies behind ours.
unsafe fn inner(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    // SAFETY: SQLite gave room for both.
    unsafe { file.cast::<File>().add(1).cast() }
}

unsafe fn watched<'f>(file: *mut ffi::sqlite3_file) -> Option<&'f mut Watched> {
    // SAFETY: null, or made by `open` and not yet freed by `close`; SQLite uses a file from one thread.
    unsafe { (*file.cast::<File>()).watched.as_mut() }
}

/// Calls the same function of the file below, which is open as long as ours is, with what SQLite gave us.
macro_rules! below {
    ($file:expr, $method:ident $(, $argument:expr)*) => {{
        let file = inner($file);
        let method = (*(*file).pMethods).$method.expect("SQLite's own file system has it");
        method(file $(, $argument)*)
    }};
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: made by `open`; SQLite closes a file once.
    unsafe {
        let watched = &mut (*file.cast::<File>()).watched;
        if !watched.is_null() {
            drop(Box::from_raw(*watched));
            *watched = ptr::null_mut();
        }
        below!(file, xClose)
    }
}

unsafe extern "C" fn write(file: *mut ffi::sqlite3_file, from: *const c_void, amount: c_int, at: i64) -> c_int {
    // SAFETY: `from` holds `amount` bytes.
    unsafe {
        let Some(watched) = watched(file) else {
            return below!(file, xWrite, from, amount, at);
        };
        let bytes = slice::from_raw_parts(from.cast::<u8>(), usize::try_from(amount).unwrap_or(0));
        let mut answer = ffi::SQLITE_OK;
        let done = watched
            .disk
            .write(&watched.path, watched.node, at.unsigned_abs(), bytes, |part| {
                let amount = c_int::try_from(part.len()).unwrap_or(amount);
                answer = below!(file, xWrite, part.as_ptr().cast(), amount, at);
                answer == ffi::SQLITE_OK
            });
        told(done, answer, ffi::SQLITE_IOERR_WRITE)
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, bytes: i64) -> c_int {
    // SAFETY: as SQLite calls it.
    unsafe {
        let Some(watched) = watched(file) else {
            return below!(file, xTruncate, bytes);
        };
        let mut answer = ffi::SQLITE_OK;
        let done = watched
            .disk
            .cut_to(&watched.path, watched.node, bytes.unsigned_abs(), || {
                answer = below!(file, xTruncate, bytes);
                answer == ffi::SQLITE_OK
            });
        told(done, answer, ffi::SQLITE_IOERR_TRUNCATE)
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: as SQLite calls it.
    unsafe {
        let Some(watched) = watched(file) else {
            return below!(file, xSync, flags);
        };
        let mut answer = ffi::SQLITE_OK;
        let with_folder = watched.is_new_log;
        let done = watched.disk.sync(&watched.path, watched.node, with_folder, || {
            answer = below!(file, xSync, flags);
            answer == ffi::SQLITE_OK
        });
        watched.is_new_log &= done.is_err();
        told(done, answer, ffi::SQLITE_IOERR_FSYNC)
    }
}

// The rest is handed on as it comes.

unsafe extern "C" fn read(file: *mut ffi::sqlite3_file, to: *mut c_void, amount: c_int, at: i64) -> c_int {
    unsafe { below!(file, xRead, to, amount, at) }
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, bytes: *mut i64) -> c_int {
    unsafe { below!(file, xFileSize, bytes) }
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    unsafe { below!(file, xLock, level) }
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    unsafe { below!(file, xUnlock, level) }
}

unsafe extern "C" fn check_reserved_lock(file: *mut ffi::sqlite3_file, is_held: *mut c_int) -> c_int {
    unsafe { below!(file, xCheckReservedLock, is_held) }
}

unsafe extern "C" fn file_control(file: *mut ffi::sqlite3_file, what: c_int, with: *mut c_void) -> c_int {
    unsafe { below!(file, xFileControl, what, with) }
}

unsafe extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe { below!(file, xSectorSize) }
}

unsafe extern "C" fn device_characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe { below!(file, xDeviceCharacteristics) }
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    bytes: c_int,
    extend: c_int,
    to: *mut *mut c_void,
) -> c_int {
    unsafe { below!(file, xShmMap, region, bytes, extend, to) }
}

unsafe extern "C" fn shm_lock(file: *mut ffi::sqlite3_file, from: c_int, count: c_int, flags: c_int) -> c_int {
    unsafe { below!(file, xShmLock, from, count, flags) }
}

unsafe extern "C" fn shm_barrier(file: *mut ffi::sqlite3_file) {
    unsafe { below!(file, xShmBarrier) }
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, delete: c_int) -> c_int {
    unsafe { below!(file, xShmUnmap, delete) }
}
