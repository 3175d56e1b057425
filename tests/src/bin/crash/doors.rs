//! The functions of C through which the standard library changes files, under their own names: the
//! linker takes these in place of the system's, so that the files that the product writes beside its
//! database lie on the failing disk too. What lies on no disk of ours goes straight to the system.
#![allow(
    unsafe_code,
    reason = "they take and give what the system's functions of the same names do; a path is one that the standard library ended with a zero, a buffer as long as it says"
)]

use std::collections::BTreeMap;
use std::ffi::{CStr, OsStr, c_char, c_int, c_long, c_uint, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use failing_disk::{Disk, Node, Refusal, find};

/// A child that takes longer hangs.
const LONGEST_S: c_uint = 120;

/// Ends the process at once.
pub fn exit(code: i32) {
    // SAFETY: it takes any number and does not come back.
    unsafe { libc::_exit(code) }
}

/// Has the system end the process when it hangs.
pub fn limit_time() {
    // SAFETY: it takes any number.
    unsafe { libc::alarm(LONGEST_S) };
}

struct Opened {
    disk: Disk,
    path: PathBuf,
    /// Nothing for a folder.
    node: Option<Node>,
    appends: bool,
}

static OPENED: Mutex<BTreeMap<c_int, Opened>> = Mutex::new(BTreeMap::new());

fn opened() -> MutexGuard<'static, BTreeMap<c_int, Opened>> {
    OPENED.lock().unwrap_or_else(PoisonError::into_inner)
}

unsafe fn path_of<'p>(path: *const c_char) -> &'p Path {
    // SAFETY: it ends with a zero.
    Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(path) }.to_bytes()))
}

/// What a function of C answers, where `below` is what the system answered.
fn answer(done: Result<(), Refusal>, below: c_long) -> c_long {
    let code = match done {
        Ok(()) | Err(Refusal::Below) => return below,
        Err(Refusal::Io) => libc::EIO,
        Err(Refusal::Full) => libc::ENOSPC,
    };
    // SAFETY: each thread has its own.
    unsafe { *libc::__errno_location() = code };
    -1
}

fn int(answer: c_long) -> c_int {
    c_int::try_from(answer).unwrap_or(-1)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    // SAFETY: as it was called.
    let real = || unsafe { libc::syscall(libc::SYS_openat, libc::AT_FDCWD, path, flags, mode) };
    // SAFETY: as it was called.
    let name = unsafe { path_of(path) };
    let Some(disk) = find(name) else {
        return int(real());
    };
    let exists = name.exists();
    let mut below = -1;
    let mut open = || {
        below = real();
        below >= 0
    };
    let done = if !exists && flags & libc::O_CREAT != 0 {
        disk.make(name, open).map(Some)
    } else if exists && flags & libc::O_TRUNC != 0 {
        match disk.node(name) {
            Some(node) => disk.cut_to(name, node, 0, open).map(|()| Some(node)),
            None => Err(Refusal::Below),
        }
    } else if open() {
        Ok(if name.is_dir() { None } else { disk.node(name) })
    } else {
        Err(Refusal::Below)
    };
    if let Ok(node) = done {
        let opened_now = Opened {
            disk,
            path: name.to_owned(),
            node,
            appends: flags & libc::O_APPEND != 0,
        };
        opened().insert(int(below), opened_now);
    }
    int(answer(done.map(drop), below))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn close(file: c_int) -> c_int {
    opened().remove(&file);
    // SAFETY: as it was called.
    int(unsafe { libc::syscall(libc::SYS_close, file) })
}

/// The file behind a number, if it lies on a disk of ours.
fn watched(file: c_int) -> Option<(Disk, PathBuf, Option<Node>, bool)> {
    let opened = opened();
    let one = opened.get(&file)?;
    Some((one.disk.clone(), one.path.clone(), one.node, one.appends))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn write(file: c_int, from: *const c_void, amount: usize) -> isize {
    // SAFETY: as it was called.
    let real = |amount: usize| unsafe { libc::syscall(libc::SYS_write, file, from, amount) };
    let Some((disk, path, Some(node), appends)) = watched(file) else {
        return real(amount) as isize;
    };
    let whence = if appends { libc::SEEK_END } else { libc::SEEK_CUR };
    // SAFETY: it takes any numbers.
    let at = unsafe { libc::syscall(libc::SYS_lseek, file, 0, whence) };
    // SAFETY: as it was called.
    let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), amount) };
    let mut below = -1;
    let done = disk.write(&path, node, at.unsigned_abs(), bytes, |part| {
        below = real(part.len());
        usize::try_from(below) == Ok(part.len())
    });
    answer(done, below) as isize
}

#[unsafe(no_mangle)]
unsafe extern "C" fn fsync(file: c_int) -> c_int {
    // SAFETY: as it was called.
    sync(file, || unsafe { libc::syscall(libc::SYS_fsync, file) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn fdatasync(file: c_int) -> c_int {
    // SAFETY: as it was called.
    sync(file, || unsafe { libc::syscall(libc::SYS_fdatasync, file) })
}

fn sync(file: c_int, real: impl Fn() -> c_long) -> c_int {
    let Some((disk, path, node, _)) = watched(file) else {
        return int(real());
    };
    let mut below = -1;
    let mut sync = || {
        below = real();
        below == 0
    };
    let done = match node {
        Some(node) => disk.sync(&path, node, false, &mut sync),
        None => disk.sync_folder(&path, &mut sync),
    };
    int(answer(done, below))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn ftruncate64(file: c_int, bytes: i64) -> c_int {
    // SAFETY: as it was called.
    let real = || unsafe { libc::syscall(libc::SYS_ftruncate, file, bytes) };
    let Some((disk, path, Some(node), _)) = watched(file) else {
        return int(real());
    };
    let mut below = -1;
    let done = disk.cut_to(&path, node, bytes.unsigned_abs(), || {
        below = real();
        below == 0
    });
    int(answer(done, below))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    // SAFETY: as it was called.
    let real = || unsafe { libc::syscall(libc::SYS_renameat, libc::AT_FDCWD, from, libc::AT_FDCWD, to) };
    // SAFETY: as it was called.
    let (from, to) = unsafe { (path_of(from), path_of(to)) };
    let Some(disk) = find(from) else {
        return int(real());
    };
    let mut below = -1;
    let done = disk.rename(from, to, || {
        below = real();
        below == 0
    });
    int(answer(done, below))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn unlink(path: *const c_char) -> c_int {
    // SAFETY: as it was called.
    let real = || unsafe { libc::syscall(libc::SYS_unlinkat, libc::AT_FDCWD, path, 0) };
    // SAFETY: as it was called.
    let name = unsafe { path_of(path) };
    let Some(disk) = find(name).filter(|_| name.exists()) else {
        return int(real());
    };
    let mut below = -1;
    let done = disk.remove(name, false, || {
        below = real();
        below == 0
    });
    int(answer(done, below))
}
