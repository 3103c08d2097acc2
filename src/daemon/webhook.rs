//! The webhook: of chosen categories, that a candidate waits, as JSON to an address of the operator's own, once an
//! hour at most. Without `texts` it names ids, sources and categories, never a text or a person. What was told is
//! kept in the store folder, so that a restart tells nothing twice.
#![expect(clippy::disallowed_methods, reason = "edge: what was told when")]

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::at_once::{Told, Urgent};
use crate::config::NotifyConfig;
use crate::desk::{Desk, DeskError};
use crate::disk;
use crate::model::{Category, Moment};
use crate::net::Client;

/// Candidates named at once; the rest are counted.
const NAMED: usize = 50;

/// What is sent.
#[derive(Debug, Serialize)]
struct Body<'a> {
    program: &'static str,
    at: Timestamp,
    /// Rows of the queue that ask for an early look.
    candidates: Vec<Row<'a>>,
    /// So many more.
    more: usize,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    id: &'a str,
    category: Category,
    score: f64,
    source: Option<&'a str>,
    published: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<&'a str>,
}

/// Tells the webhook what is new. True where there was something and it was taken; what fails is tried again.
///
/// # Errors
/// Where the store cannot be read; a webhook that does not take it is told in the log, by its host alone, since
/// its address is a secret.
pub async fn tell_what_is_new(
    desk: &Arc<Desk>,
    client: &Client,
    notify: &NotifyConfig,
    now: Timestamp,
) -> Result<bool, DeskError> {
    let path = desk.folder().join("webhook.json");
    let before = std::fs::read(&path).ok();
    let mut told: Told = before.as_deref().and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default();
    let waiting = {
        let desk = Arc::clone(desk);
        tokio::task::spawn_blocking(move || desk.waiting())
            .await
            .unwrap_or_else(|stopped| std::panic::resume_unwind(stopped.into_panic()))?
    };
    let news = told.news(&waiting, &notify.at_once, now);
    let mut taken = false;
    if !news.is_empty() {
        match client.tell(&notify.webhook, body(&news, notify.texts, now)).await {
            Ok(()) => {
                taken = true;
                told.tell(&news, now);
            }
            Err(error) => tracing::error!(%error, "the webhook did not take it; it is tried again"),
        }
    }
    let after = serde_json::to_vec(&told).unwrap_or_default();
    if before.as_ref() != Some(&after) {
        disk::write_whole(&disk::Real, &path, &after)?;
    }
    Ok(taken)
}

fn body(news: &[Urgent<'_>], texts: bool, now: Timestamp) -> Vec<u8> {
    let rows = news.iter().take(NAMED).map(|urgent| {
        let (story, verdict) = (&urgent.judged.story, &urgent.judged.verdict);
        let evidence = verdict.evidence.first().map(|evidence| evidence.text.trim());
        Row {
            id: urgent.id,
            category: urgent.category,
            score: verdict.score,
            source: story.source.as_deref(),
            published: story.published,
            title: Some(story.title.as_str()).filter(|_| texts),
            url: story.url.as_deref().filter(|_| texts),
            evidence: evidence.filter(|_| texts),
        }
    });
    let more = news.len().saturating_sub(NAMED);
    serde_json::to_vec(&Body { program: "sozwatch", at: now, candidates: rows.collect(), more }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_types, reason = "a webhook on loopback")]

    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use super::*;
    use crate::config::Config;
    use crate::model::Story;

    /// A webhook that answers so many times with these statuses; gives its address and what it was told.
    fn webhook(statuses: &'static [u16]) -> (String, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let serving = std::thread::spawn(move || {
            let mut told = Vec::new();
            for status in statuses {
                let (mut stream, _) = listener.accept().unwrap();
                let (mut request, mut piece) = (Vec::new(), [0; 4096]);
                loop {
                    let read = stream.read(&mut piece).unwrap();
                    request.extend_from_slice(&piece[..read]);
                    let text = String::from_utf8_lossy(&request).to_lowercase();
                    let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
                    if read == 0 || body.len() >= length.map_or(0, |length| length.trim().parse().unwrap()) {
                        break;
                    }
                }
                told.push(String::from_utf8(request).unwrap());
                let answer = format!("HTTP/1.1 {status} so\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).unwrap();
            }
            told
        });
        (address, serving)
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_510_790_400 + 60 * minute).unwrap()
    }

    const ENDS: [(&str, &str); 3] = [
        ("Актау", "Редакция узнала об этом утром и вечером выпустит номер с пустой полосой."),
        ("Алматы", "Обыск длился шесть часов, забрали камеру, диктофон и старый блокнот сына."),
        ("Астана", "Посольства двух стран просят допустить наблюдателей на первое слушание."),
    ];

    fn arrest(desk: &Desk, id: &str, at_end: usize) {
        let (place, end) = ENDS[at_end];
        let story = Story {
            id: id.to_owned(),
            url: Some(format!("https://{id}.example/1")),
            title: format!("Журналист Тимур Сериккалиев арестован в городе {place}"),
            text: format!(
                "Журналист Тимур Сериккалиев арестован за статью. {end} {}",
                end.to_uppercase().replace(' ', " да ")
            ),
            published: None,
            byline: None,
            source: Some("Тау".to_owned()),
        };
        desk.keep(story, at(0)).unwrap();
    }

    async fn tell(desk: &Arc<Desk>, client: &Client, notify: &NotifyConfig, minute: i64) -> bool {
        tell_what_is_new(desk, client, notify, at(minute)).await.unwrap()
    }

    #[tokio::test]
    async fn a_webhook_hears_of_chosen_rows_once_an_hour_and_of_no_names() {
        let (address, serving) = webhook(&[200, 500, 204]);
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::embedded();
        config.crawl.allow_private = vec![address.clone()];
        let client = Client::new(&config.crawl).unwrap();
        let (desk, _) = Desk::open(config, folder.path(), at(0)).unwrap();
        let desk = Arc::new(desk);
        let webhook = format!("http://{address}/hook?key=s3cret");
        let mut notify = NotifyConfig { webhook, at_once: vec![Category::Arrest], texts: false };
        arrest(&desk, "a", 0);
        assert!(!tell(&desk, &client, &notify, 0).await, "what waited before the first look");
        arrest(&desk, "b", 1);
        assert!(tell(&desk, &client, &notify, 1).await);
        assert!(!tell(&desk, &client, &notify, 2).await);
        arrest(&desk, "c", 2);
        assert!(!tell(&desk, &client, &notify, 30).await, "not within the hour");
        notify.texts = true;
        // It fails, and is tried again at the next turn.
        assert!(!tell(&desk, &client, &notify, 90).await);
        assert!(tell(&desk, &client, &notify, 91).await);
        let told = serving.join().unwrap();
        assert!(told[0].starts_with("POST /hook?key=s3cret HTTP/1.1\r\n"), "{}", told[0]);
        let body = |at: usize| -> serde_json::Value {
            serde_json::from_str(told[at].split_once("\r\n\r\n").unwrap().1).unwrap()
        };
        assert_eq!(body(0)["candidates"][0]["id"], "b");
        assert_eq!(body(0)["candidates"][0]["category"], "arrest");
        assert_eq!(body(0)["candidates"].as_array().unwrap().len(), 1);
        assert!(!told[0].contains("Тимур") && !told[0].contains("b.example"), "{}", told[0]);
        assert_eq!(told[1].split_once("\r\n\r\n").unwrap().1.len(), told[2].split_once("\r\n\r\n").unwrap().1.len());
        assert_eq!(body(2)["candidates"][0]["url"], "https://c.example/1");
    }

    #[tokio::test]
    async fn a_private_address_that_nobody_opened_is_not_told() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let client = Client::new(&Config::embedded().crawl).unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let error = client.tell(&url, b"{}".to_vec()).await.unwrap_err();
        assert!(error.refused(), "{error}");
        assert!(listener.accept().is_err(), "nobody came");
    }
}
