//! Single texts: keys, addresses to go to, networks, dates, forms as pairs, drawings.

use domain::id::{SystemId, slug};
use domain::import::{Limits, read};
use domain::model::Model;
use domain::model::draft::{flow_from_form, flow_to_form, system_from_form, system_to_form};
use domain::model::sample::sample;
use domain::role::standing_from_form;
use domain::scene::estate::{ViewOptions, drawing};
use domain::scene::{Theme, svg};
use domain::scope::compute;
use domain::time::Day;
use domain::token::TokenWish;
use server::config::proxy::{Network, client_address};
use server::http::download::safe;
use server::http::next::{own_page, sign_in_for};
use tests::fuzz::{Corpus, fuzz};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn estate() -> Model {
    let mut model = Model::default();
    for object in sample(Day::from_ymd(2026, 11, 21).unwrap()) {
        model.put(object);
    }
    model
}

#[test]
fn a_key_that_is_taken_is_one_line_and_comes_back_from_an_address() {
    let corpus =
        Corpus { seeds: &[b"checkout", "Küche 2".as_bytes(), b"a/b?c#d"], pieces: &["-", "/", "?", "#", "&", "%"] };
    fuzz(2000, &corpus, |bytes| {
        let text = text(bytes);
        if let Ok(key) = SystemId::parse(&text) {
            assert!(!key.as_str().chars().any(char::is_control) && !key.as_str().is_empty());
            let address = app::ui::link::encoded(key.as_str());
            assert!(address.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.~%".contains(&it)), "{address}");
        }
        let made = slug(&text);
        assert!(made.is_empty() || SystemId::parse(&made).is_ok_and(|key| key.as_str() == made), "{made:?}");
    });
}

#[test]
fn a_file_to_save_has_a_name_without_folders_and_breaks_no_header() {
    let corpus = Corpus {
        seeds: &[b"shop", b"../../etc/passwd", b"a\"; filename=\"b\r\nX: y", b"CON", "Küche.csv".as_bytes()],
        pieces: &["/", "\\", "..", "\"", ";", "\r\n", "%2f", "\u{202e}", "filename*=UTF-8''", "~"],
    };
    fuzz(3000, &corpus, |bytes| {
        let name = safe(&text(bytes));
        assert!(name.bytes().all(|it| it.is_ascii_alphanumeric() || b"-.".contains(&it)), "{name}");
        assert!(
            (1..=80).contains(&name.len()) && !name.starts_with(['.', '-']) && !name.ends_with(['.', '-']),
            "{name}"
        );
        // The name of a file that somebody sends is kept for people to read: one line, and no folder.
        if let Ok(reading) = read(&text(bytes), b"source,target\na,b\n", &Limits::browser()) {
            let name = reading.file_name();
            assert!(!name.contains(['/', '\\']) && !name.chars().any(char::is_control), "{name:?}");
        }
    });
}

#[test]
fn an_address_to_go_to_is_on_this_site() {
    let corpus = Corpus {
        seeds: &[b"/w/shop/systems?q=a%20b&sort=name", b"//evil.example", b"/\\evil.example", b"https://evil.example/"],
        pieces: &["/", "//", "\\", "@", ":", "%2f", "%5c", "?", "#", "javascript:", "\t", " "],
    };
    fuzz(3000, &corpus, |bytes| {
        let text = text(bytes);
        if let Some(page) = own_page(&text) {
            assert!(page.starts_with('/') && !page[1..].starts_with(['/', '\\']), "{page}");
            assert!(page.bytes().all(|it| it.is_ascii_graphic() && !b"\\#@:\"'<>".contains(&it)), "{page}");
        }
        let asks = sign_in_for(&text);
        assert!(asks == "/sign-in" || asks.starts_with("/sign-in?next=%2F"), "{asks}");
        assert!(http::HeaderValue::from_str(&asks).is_ok());
    });
}

#[test]
fn the_address_of_a_client_is_the_peer_or_what_a_trusted_proxy_says() {
    let proxies: [Network; 2] = ["10.0.0.0/24".parse().unwrap(), "fd00::/8".parse().unwrap()];
    let corpus = Corpus {
        seeds: &[b"203.0.113.7, 10.0.0.9", b"2001:db8::1", b"203.0.113.7,198.51.100.1\n10.0.0.2"],
        pieces: &[",", " ", "10.0.0.1", "::ffff:10.0.0.1", "fd00::1", "127.0.0.1", "unknown", "\"[::1]:80\""],
    };
    fuzz(3000, &corpus, |bytes| {
        let text = text(bytes);
        let stranger = "198.51.100.77".parse().unwrap();
        assert_eq!(client_address(stranger, text.lines(), &proxies), stranger, "a stranger says nothing about itself");
        let proxy = "10.0.0.1".parse().unwrap();
        let client = client_address(proxy, text.lines(), &proxies);
        let trusted = proxies.iter().any(|network| network.contains(client));
        // Behind the first address that is no proxy of ours nothing is believed.
        let said = text.lines().rev().flat_map(|line| line.rsplit(',')).map(str::trim);
        let believed: Vec<std::net::IpAddr> = said.map_while(|it| it.parse().ok()).collect();
        let first = believed.iter().find(|it| !proxies.iter().any(|network| network.contains(**it)));
        assert_eq!(first.is_none(), trusted);
        assert!(first.is_none_or(|first| *first == client), "{client}");
        let _read: Result<Network, _> = text.parse();
    });
}

/// Names and values as a form may post them, out of bytes: one pair on a line.
fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
    let pair = |line: &str| {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        (name.to_owned(), value.to_owned())
    };
    text(bytes).split('\n').map(pair).collect()
}

fn lines(form: &[(String, String)]) -> Vec<u8> {
    let lines: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", value.replace('\n', " "))).collect();
    lines.join("\n").into_bytes()
}

const FIELDS: [&str; 16] = [
    "\n",
    "=",
    "name=",
    "id=",
    "rev=",
    "kind=service\n",
    "segment=",
    "holding.0.element=pan\n",
    "holding.0.form=",
    "holding.99999999999.element=pan\n",
    "field.1.element=",
    "field.1.wire=",
    "fact.note=",
    "fact.",
    "workspace_id=1\n",
    "from=checkout\nto=",
];

#[test]
fn the_form_of_a_system_gives_a_system_that_its_form_gives_again() {
    let model = estate();
    let seeds: Vec<Vec<u8>> = model.systems.values().take(3).map(|it| lines(&system_to_form(it))).collect();
    let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).collect();
    fuzz(400, &Corpus { seeds: &seeds, pieces: &FIELDS }, |bytes| {
        match system_from_form(&pairs(bytes), None, &model) {
            Err(errors) => assert!(!errors.is_empty()),
            Ok(system) => {
                assert!(!model.systems.contains_key(system.id.as_str()), "a new system takes the place of none");
                let again = system_from_form(&system_to_form(&system), Some(&system), &model).unwrap();
                assert_eq!(again, system);
            }
        }
    });
}

#[test]
fn the_form_of_a_flow_gives_a_flow_that_its_form_gives_again() {
    let model = estate();
    let seeds: Vec<Vec<u8>> = model.flows.values().take(3).map(|it| lines(&flow_to_form(it))).collect();
    let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).collect();
    fuzz(400, &Corpus { seeds: &seeds, pieces: &FIELDS }, |bytes| match flow_from_form(&pairs(bytes), None, &model) {
        Err(errors) => assert!(!errors.is_empty()),
        Ok(flow) => {
            assert!(!model.flows.contains_key(flow.id.as_str()), "a new flow takes the place of none");
            let again = flow_from_form(&flow_to_form(&flow), Some(&flow), &model).unwrap();
            assert_eq!(again, flow);
        }
    });
}

#[test]
fn roles_tokens_and_days_are_read_or_refused() {
    let corpus = Corpus {
        seeds: &[b"role=auditor\ntier=2\nfrom=2026-01-01\nuntil=2026-03-31", b"2026-02-29", b"Pipeline=read=90"],
        pieces: &["role=", "tier=", "owner", "2026-11-21", "\n", "="],
    };
    fuzz(2000, &corpus, |bytes| {
        let _standing = standing_from_form(&pairs(bytes));
        let text = text(bytes);
        let parts: Vec<&str> = text.splitn(3, '=').collect();
        if let [name, scope, days] = parts[..]
            && let Ok(wish) = TokenWish::parse(name, scope, days)
        {
            assert!((1..=365).contains(&wish.days) && !wish.name.chars().any(char::is_control));
        }
        if let Ok(day) = text.parse::<Day>() {
            assert_eq!(day.to_string(), text.trim());
        }
    });
}

#[test]
fn a_drawing_is_well_formed_whatever_the_names_are() {
    let corpus = Corpus {
        seeds: &[b"Checkout", b"</text><script>alert(1)</script>"],
        pieces: &["<", ">", "&", "\"", "'", "&#0;"],
    };
    let model = estate();
    let first = model.systems.values().next().unwrap().clone();
    fuzz(30, &corpus, |bytes| {
        let mut named = domain::model::system::System::clone(&first);
        named.name = text(bytes).as_str().into();
        let mut model = model.clone();
        model.put(domain::model::object::Object::System(std::sync::Arc::new(named)));
        let options = ViewOptions { base: "/w/shop".to_owned(), title: text(bytes), ..ViewOptions::default() };
        well_formed(&svg(&drawing(&model, &compute(&model), &options), Theme::Light));
    });
}

/// Every element that begins ends, in order; attributes are quoted; nothing else has a `<` in it, and there are no
/// scripts.
fn well_formed(markup: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = markup;
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>'), "a text has a bare > in it: {}", &rest[..at]);
        rest = &rest[at + 1..];
        let end = end_of_tag(rest);
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap_or_default();
        assert!(
            !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || b"?:-".contains(&it)),
            "<{tag}>"
        );
        assert_ne!(name, "script");
        if let Some(closes) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closes));
        } else if !tag.ends_with('/') && !tag.starts_with('?') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    assert!(!markup.chars().any(|it| it.is_control() && !matches!(it, '\n' | '\t')), "a control character is in it");
}

/// Where a tag ends: the first `>` outside quotes.
fn end_of_tag(text: &str) -> usize {
    let mut quoted = false;
    for (at, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '<' => panic!("a < is in a tag: {}", &text[..at]),
            '>' if !quoted => return at,
            _ => {}
        }
    }
    panic!("a tag does not end: {text:.100}")
}
