//! The pages of administrators in a real browser: an organisation set up from nothing, and every page looked at.

mod access;
mod devices;
mod tokens;
mod what_if;

use serde_json::{Value, json};
use tests::stage::{Browser, Program, Screen, Setting, Stage};

/// PRODUCT 11.1, 1.1, 2.3, 2.4, 2.5, 2.6: from an empty database to a second helper who may only view the devices of one group, in the
/// console alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organisation_is_set_up_in_the_console_alone() {
    let stage = Stage::with(&Setting {
        disabled: true,
        unassigned: true,
        ..Setting::default()
    })
    .await;
    for person in ["sakura", "yusuf"] {
        let mut sharer = stage.sharer(person);
        sharer.expect("signed_in").await;
    }
    let mut priya = Browser::start(&stage, Screen::default()).await;
    priya.open(&stage.relay.url).await;
    priya.sign_in("priya").await;
    priya.wait("heading", "Give help").await;
    drop(priya);

    let mut browser = Browser::start(&stage, Screen::default()).await;
    become_administrator(&stage, &mut browser).await;
    turn_on(&mut browser).await;
    make_group(&mut browser).await;
    enrol(&mut browser, "さくら").await;
    put_into_group(&mut browser).await;
    enrol(&mut browser, "يوسف").await;
    assign(&mut browser).await;
    browser.click("link", "Set-up").await;
    see(&mut browser, "1 assignment: Ward 3, viewing").await;
    assert_eq!(browser.complaints().await, [""; 0]);

    // What was set up holds: this device, no other, and no control.
    let mut pair = stage
        .pair(stage.helper("priya"), stage.sharer("sakura"))
        .await;
    pair.grant("view").await;
    pair.helper.tell("ask", json!({"level": "control"})).await;
    assert_eq!(pair.helper.expect("fault").await["code"], "RH-1203");
    drop(pair);
    let (mut helper, mut sharer) = (stage.helper("priya"), stage.sharer("yusuf"));
    sharer.expect("signed_in").await;
    let code = code_of(&mut helper).await;
    sharer.tell("join", json!({"code": code})).await;
    assert_eq!(sharer.expect("ended").await["code"], "RH-1207");
}

/// The link is opened, the secret is gone from the address at once, and is used up.
async fn become_administrator(stage: &Stage, browser: &mut Browser) {
    let said = stage.host(&["user", "invite-admin"]).await;
    let link = said.lines().next().expect("a link is printed");
    let secret = link
        .split_once('#')
        .expect("a link has a secret")
        .1
        .to_owned();
    browser.open(link).await;
    browser.wait("button", "Sign in").await;
    let shown = browser
        .evaluate("location.href + JSON.stringify(history.state) + document.body.textContent")
        .await;
    assert!(
        !shown.as_str().expect("a text").contains(&secret),
        "{shown}"
    );
    browser
        .assert_accessible("an invitation, for strangers")
        .await;
    browser.click("button", "Sign in").await;
    browser.sign_in("ingrid").await;
    see(browser, "You become administrator of Klinikum Lindenhof.").await;
    browser.assert_accessible("an invitation").await;
    browser.click("button", "Become administrator").await;
    browser.wait("heading", "Set-up").await;
    see(browser, "It is turned off: no session can start.").await;
    see(browser, "Nobody yet: make an assignment").await;
    let kept = browser.evaluate("JSON.stringify(sessionStorage)").await;
    assert!(!kept.as_str().expect("a text").contains(&secret), "{kept}");
}

async fn turn_on(browser: &mut Browser) {
    go(browser, "Settings").await;
    browser
        .tell("click", json!({"role": "switch", "name": "Remote help"}))
        .await;
    browser.click("button", "Save").await;
    see(browser, "The settings are saved.").await;
    // To turn it off is asked first; a no leaves it on.
    browser
        .tell("click", json!({"role": "switch", "name": "Remote help"}))
        .await;
    browser.click("button", "Save").await;
    browser.wait("alertdialog", "Turn remote help off?").await;
    browser.assert_accessible("a question").await;
    browser.click("button", "Cancel").await;
    browser.wait("heading", "Settings").await;
    go(browser, "Groups").await;
    browser.wait("alertdialog", "Leave without saving?").await;
    browser
        .tell(
            "click",
            json!({"role": "button", "name": "Leave", "exact": true}),
        )
        .await;
}

async fn make_group(browser: &mut Browser) {
    see(browser, "Groups of devices are made here").await;
    browser.wait("heading", "Groups").await;
    browser.click("button", "New group of devices").await;
    fill(browser, "textbox", "Name", "Ward 3").await;
    browser.click("button", "Save").await;
    see(browser, "The group “Ward 3” is saved.").await;
}

/// Enrols the device on which this person signed in last.
async fn enrol(browser: &mut Browser, person: &str) {
    go(browser, "Devices").await;
    let row = format!("tr:has-text(\"{person}\") th a");
    browser.tell("click", json!({"selector": row})).await;
    browser
        .tell(
            "click",
            json!({"role": "button", "name": "Enrol", "exact": true}),
        )
        .await;
    see(browser, "The device is enrolled.").await;
}

async fn put_into_group(browser: &mut Browser) {
    pick(browser, "Groups of this device", "Ward 3").await;
    browser.click("button", "Save the groups").await;
    see(browser, "The groups of the device are saved.").await;
}

async fn assign(browser: &mut Browser) {
    go(browser, "Assignments").await;
    browser.click("link", "New assignment").await;
    fill(browser, "textbox", "Name", "Ward 3, viewing").await;
    let role = json!({"role": "combobox", "name": "Role", "value": "viewer"});
    browser.tell("choose", role).await;
    pick(browser, "Single people", "प्रिया").await;
    pick(browser, "Groups of devices", "Ward 3").await;
    // The preview says whom and what before anything is saved.
    see(browser, "May help1 person").await;
    see(browser, "whoever uses them1 device").await;
    browser.assert_accessible("a new assignment").await;
    browser.click("button", "Save").await;
    see(browser, "It holds from now on.").await;
    browser.wait("link", "Ward 3, viewing").await;
}

/// A browser in which the administrator is signed in and sees the set-up page.
async fn ingrid(stage: &Stage) -> Browser {
    let mut browser = Browser::start(stage, Screen::default()).await;
    browser.open(&format!("{}/admin", stage.relay.url)).await;
    browser.sign_in("ingrid").await;
    browser.wait("heading", "Set-up").await;
    browser
}

/// Confirms a question by the button of this name.
async fn confirm(browser: &mut Browser, act: &str) {
    let button = format!("[role=alertdialog] button:text-is(\"{act}\")");
    browser.tell("click", json!({"selector": button})).await;
}

/// Goes to a page of the administration's navigation.
async fn go(browser: &mut Browser, page: &str) {
    let link = format!("nav[aria-label=Administration] a:text-is(\"{page}\")");
    browser.tell("click", json!({"selector": link})).await;
}

async fn fill(browser: &mut Browser, role: &str, name: &str, value: &str) {
    let field = json!({"role": role, "name": name, "exact": true, "value": value});
    browser.tell("fill", field).await;
}

/// Searches in a field that offers entries, and takes the first.
async fn pick(browser: &mut Browser, field: &str, name: &str) {
    browser.click("combobox", field).await;
    fill(browser, "combobox", field, name).await;
    browser.click("option", name).await;
    browser.wait("button", &format!("Remove {name}")).await;
}

/// Waits until this text stands on the page, whatever elements it is made of.
async fn see(browser: &mut Browser, text: &str) {
    let place = json!({"selector": format!("body:has-text({})", Value::from(text))});
    browser.tell("wait", place).await;
}

async fn code_of(helper: &mut Program) -> String {
    let code = helper.expect("code").await;
    code["code"].as_str().expect("a code").to_owned()
}

/// PRODUCT 10.3, 10.4: every list of administrators in English, without a finding of axe or a complaint of the browser.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_list_is_accessible_in_english() {
    every_page(Part::Lists, "en-GB", false).await;
}

/// PRODUCT 10.3, 10.4: every list of administrators in the dark, without a finding of axe or a complaint of the browser.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_list_is_accessible_in_the_dark() {
    every_page(Part::Lists, "en-GB", true).await;
}

/// PRODUCT 10.3, 10.4: every list of administrators from right to left, without a finding of axe or a complaint of the browser.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_list_is_accessible_in_arabic() {
    every_page(Part::Lists, "ar", false).await;
}

/// PRODUCT 10.3, 10.4: every list of administrators from right to left in the dark, without a finding of axe or a complaint of the browser.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_list_is_accessible_in_arabic_in_the_dark() {
    every_page(Part::Lists, "ar", true).await;
}

/// PRODUCT 10.3, 10.4: every editor of administrators in English, without a finding of axe or a complaint of the browser.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_editor_is_accessible_in_english() {
    every_page(Part::Editors, "en-GB", false).await;
}

/// PRODUCT 10.3, 10.4: every editor of administrators in the dark, without a finding of axe or a complaint of the browser.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_editor_is_accessible_in_the_dark() {
    every_page(Part::Editors, "en-GB", true).await;
}

/// PRODUCT 10.3, 10.4: every editor of administrators from right to left, without a finding of axe or a complaint of the browser.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_editor_is_accessible_in_arabic() {
    every_page(Part::Editors, "ar", false).await;
}

/// PRODUCT 10.3, 10.4: every editor of administrators from right to left in the dark, without a finding of axe or a complaint of the browser.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_editor_is_accessible_in_arabic_in_the_dark() {
    every_page(Part::Editors, "ar", true).await;
}

/// Which pages: one test for all of them would last longer than a test may.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Lists,
    Editors,
}

async fn every_page(part: Part, locale: &str, dark: bool) {
    let stage = Stage::start().await;
    let mut pair = stage
        .pair(stage.helper("amina"), stage.sharer("sakura"))
        .await;
    pair.grant("view").await;
    let screen = Screen {
        locale,
        dark,
        ..Screen::default()
    };
    let mut browser = Browser::start(&stage, screen).await;
    browser.open(&format!("{}/admin", stage.relay.url)).await;
    browser.sign_in("ingrid").await;
    browser.tell("wait", json!({"selector": "main nav"})).await;
    let made = browser.evaluate(EXAMPLES).await;
    let made = made.as_object().expect("the examples are made");
    let of = |name: &str| made[name].as_str().expect("an id").to_owned();
    let mut paths: Vec<String> = match part {
        Part::Lists => LISTS.map(str::to_owned).into(),
        Part::Editors => EDITORS.map(str::to_owned).into(),
    };
    let editors = [
        format!("/admin/roles/{}", of("role")),
        format!("/admin/assignments/{}", of("assignment")),
        format!("/admin/compliance/{}", of("compliance")),
        format!("/admin/access/{}", of("access")),
        format!("/admin/devices/{}", of("device")),
        format!(
            "/admin/explain?helper=amina&sharer=sakura&device={}",
            of("device")
        ),
    ];
    if part == Part::Editors {
        paths.extend(editors);
    }
    for path in paths {
        browser.open(&format!("{}{path}", stage.relay.url)).await;
        browser.tell("wait", json!({"selector": "main h1"})).await;
        browser
            .tell(
                "wait",
                json!({"selector": ".fui-Spinner", "state": "hidden"}),
            )
            .await;
        let what = format!("{path} in {locale}, dark: {dark}");
        shoot(&mut browser, &path, locale, dark).await;
        browser.assert_accessible(&what).await;
        assert_eq!(browser.complaints().await, [""; 0], "{what}");
    }
}

/// Takes a picture for people to look at, if somebody wants some.
async fn shoot(browser: &mut Browser, path: &str, locale: &str, dark: bool) {
    let Ok(folder) = std::env::var("HANDRAIL_SHOTS") else {
        return;
    };
    let page: String = path.chars().take(24).collect();
    let page = page.replace(['/', '?', '='], "-");
    let scheme = if dark { "dark" } else { "light" };
    let file = format!("{folder}/{locale}-{scheme}{page}.png");
    browser.shot(file.as_ref()).await;
}

const LISTS: [&str; 16] = [
    "/first",
    "/admin",
    "/admin/roles",
    "/admin/assignments",
    "/admin/people",
    "/admin/people?search=nobody",
    "/admin/groups",
    "/admin/devices",
    "/admin/explain",
    "/admin/compliance",
    "/admin/access",
    "/admin/sessions",
    "/admin/audit",
    "/admin/audit?kind=session",
    "/admin/tokens",
    "/admin/nothing-here",
];

const EDITORS: [&str; 7] = [
    "/admin/settings",
    "/admin/roles/new",
    "/admin/roles/helpdesk-operator",
    "/admin/assignments/new",
    "/admin/people/amina",
    "/admin/compliance/new",
    "/admin/access/new",
];

/// Something of everything, so that no list is empty.
const EXAMPLES: &str = r#"(async () => {
  const headers = { "X-Handrail": "1", "Content-Type": "application/json" };
  const ask = async (method, path, body) => {
    const answer = await fetch(`/api/v1/${path}`, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  };
  const post = (path, body) => ask("POST", path, body);
  const role = await post("roles", { name: "Ward helper", description: "Helps on wards", permissions: ["control", "offer"] });
  await ask("PUT", `roles/${role.id}`, { name: "Ward helper", description: "Helps on wards", permissions: ["view", "offer"] });
  const group = await post("groups", { name: "Ward 3" });
  const { devices } = await ask("GET", "devices");
  const device = devices[0].id;
  await post(`devices/${device}/enrol`);
  await ask("PUT", `devices/${device}/groups`, { groups: [group.id] });
  const reasons = [{ code: "disk", text: "The disk is not encrypted" }];
  await ask("PUT", `devices/${device}/compliance`, { state: "not_compliant", reasons });
  const scope = { devices: [group.id], users: ["staff"] };
  const name = "Ward 3, viewing";
  const said = { name, description: "Nights and weekends", role: role.id, groups: ["helpdesk"], people: ["amina"], scope };
  const assignment = await post("assignments", said);
  const actions = { not_compliant: "require_ack", not_enrolled: "view_only" };
  const compliance = await post("compliance-rules", { name: "Careful on wards", scope, actions });
  const access = await post("access-rules", {
    name: "From the house alone", moments: ["create", "sign-in"], allowed: ["127.0.0.0/8", "10.0.0.0/8"], denied: ["203.0.113.0/24"],
  });
  await post("tokens", { name: "Inventory", kind: "api", permissions: ["directory", "devices"] });
  return { role: role.id, assignment: assignment.id, compliance: compliance.id, access: access.id, device };
})()"#;
