//! Finding a patient by what somebody types.

use super::*;

#[test]
fn as_many_are_found_as_are_asked_for_and_fifty_at_most() {
    let mut scene = Scene::at_noon();
    for number in 0..60 {
        let registered = Record::new("patient", id(200 + number));
        let name = format!("Lakshmi {number}");
        scene.world.put(registered.with(&patient::NAME, name));
    }
    let found = |most: Json| {
        let args = json!({ "text": "Lakshmi", "most": most });
        scene.view("find_patients", &args).as_array().unwrap().len()
    };
    assert_eq!([json!(8), json!(500), Json::Null].map(found), [8, 50, 50]);
}
