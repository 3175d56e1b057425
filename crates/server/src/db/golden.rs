//! The form of the server's tables after all migrations. A change here is a change of the file.

use super::Db;

#[test]
fn the_tables_after_all_migrations_keep_their_form() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&folder.path().join("district.db")).unwrap();
    let made = db.read(|conn| {
        let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL
                   ORDER BY type = 'trigger', tbl_name, type DESC, name";
        conn.all(sql, &[], |row| row.text(0))
    });
    insta::assert_snapshot!("tables", made.unwrap().join(";\n\n"));
}
