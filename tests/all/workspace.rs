//! A workspace in a temporary folder, a small web on loopback to crawl, and the program run as a user
//! runs it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// What one run of the program came to.
#[derive(Debug)]
pub struct Ran {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// Standard output as JSON Lines.
    pub fn json(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
    }

    /// Fails with everything that was printed where the code is another.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("what is printed is UTF-8"),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The program, standing in a folder.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sozwatch"));
    command.current_dir(folder).env("SOZWATCH_LOG", "warn").stdin(Stdio::null());
    command
}

/// Runs the program with arguments.
pub fn sozwatch(folder: &Path, arguments: &[&str]) -> Ran {
    program(folder).args(arguments).output().expect("the program starts").into()
}

/// Runs the program with a text on standard input.
pub fn sozwatch_fed(folder: &Path, arguments: &[&str], input: &str) -> Ran {
    let mut child = program(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("standard input is piped");
    let input = input.to_owned();
    let feeding = std::thread::spawn(move || {
        let _ = stdin.write_all(input.as_bytes());
    });
    let ran = child.wait_with_output().expect("the program ends").into();
    feeding.join().expect("the input is written");
    ran
}

/// An answer of the small web, by path: status and header lines, and body.
type Pages = BTreeMap<String, (String, Vec<u8>)>;

/// A web server on loopback for as long as the value lives.
pub struct Web {
    /// Where it listens.
    pub address: SocketAddr,
    pages: Arc<Mutex<Pages>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Web {
    /// Starts serving nothing.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback can be bound");
        let address = listener.local_addr().expect("a bound socket has an address");
        let (pages, asked) = (Arc::new(Mutex::new(Pages::new())), Arc::new(Mutex::new(Vec::new())));
        let (served, told) = (Arc::clone(&pages), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (served, told) = (Arc::clone(&served), Arc::clone(&told));
                std::thread::spawn(move || answer(stream, &served, &told));
            }
        });
        Self { address, pages, asked }
    }

    /// Puts a page up, or another one in its place.
    pub fn put(&self, path: &str, content_type: &'static str, body: impl Into<Vec<u8>>) {
        self.answer(path, &format!("200 OK\r\nContent-Type: {content_type}"), body);
    }

    /// Puts up an answer with its status and header lines. A path that is a whole address is answered to
    /// a client that takes this web for its proxy.
    pub fn answer(&self, path: &str, head: &str, body: impl Into<Vec<u8>>) {
        self.pages.lock().unwrap().insert(path.to_owned(), (head.to_owned(), body.into()));
    }

    /// The absolute address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Paths asked for so far, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// Puts up a story and tells its address.
    pub fn put_story(&self, slug: &str, story: &Written) -> String {
        let path = format!("/news/{slug}.html");
        let paragraphs: String = story.text.split("\n\n").map(|text| format!("<p>{text}</p>")).collect();
        let html = format!(
            "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>{title} — Invented</title>\
             <meta property=\"article:published_time\" content=\"{published}\"></head>\
             <body><nav><a href=\"/\">Home</a></nav><article><h1>{title}</h1>{paragraphs}</article>\
             <footer>Invented outlet</footer></body></html>",
            lang = story.lang,
            title = story.title,
            published = story.published,
        );
        self.put(&path, "text/html; charset=utf-8", html);
        self.url(&path)
    }

    /// Puts up an RSS feed of addresses.
    pub fn put_feed(&self, path: &str, entries: &[(String, &str)]) {
        let items: String = entries
            .iter()
            .map(|(url, title)| format!("<item><title>{title}</title><link>{url}</link><guid>{url}</guid></item>"))
            .collect();
        let feed = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\"><channel><title>Invented</title>\
             <link>http://{}/</link>{items}</channel></rss>",
            self.address
        );
        self.put(path, "application/rss+xml", feed);
    }
}

/// A story as somebody wrote it.
pub struct Written {
    /// ISO 639-1.
    pub lang: &'static str,
    /// Headline.
    pub title: &'static str,
    /// Paragraphs parted by a blank line.
    pub text: &'static str,
    /// RFC 3339.
    pub published: &'static str,
}

/// A candidate: a blogger remanded over a post.
pub const REMANDED: Written = Written {
    lang: "ru",
    title: "Блогера из Тараза арестовали на два месяца за пост о качестве воды",
    text: "Следственный суд Тараза санкционировал арест блогера Нурлана Тестова на два месяца. Об этом сообщил его \
           адвокат.\n\nБлогера подозревают в распространении заведомо ложной информации по статье 274 Уголовного кодекса \
           из-за поста в Facebook, в котором он усомнился в качестве воды. Полиция изъяла у него телефон и \
           компьютер.\n\nЖурналист свою вину не признаёт и намерен обжаловать решение суда.",
    published: "2026-11-17T12:00:00+05:00",
};
/// A candidate: a claim against a newspaper.
pub const SUED: Written = Written {
    lang: "ru",
    title: "Предприниматель требует от газеты «Вестник Тараза» пять миллионов тенге",
    text: "В районный суд поступил иск предпринимателя к газете «Вестник Тараза» о защите чести, достоинства и \
           деловой репутации. Истец просит опровергнуть статью о свалке и взыскать 5 миллионов тенге морального \
           вреда.\n\nРедактор газеты с иском не согласен: все сведения, по его словам, подтверждены документами. \
           Первое заседание суда назначено на конец ноября.",
    published: "2026-11-18T10:00:00+05:00",
};
/// Quiet news.
pub const QUIET: Written = Written {
    lang: "ru",
    title: "В Таразе открыли новую поликлинику на сто мест",
    text: "В новом микрорайоне открылась поликлиника, рассчитанная на сто посещений в смену. В ней будут работать \
           двадцать врачей.\n\nСтроительство заняло полтора года, здание оснащено современным оборудованием. \
           Следующей весной рядом планируют разбить сквер и детскую площадку.",
    published: "2026-11-18T09:00:00+05:00",
};

fn answer(mut stream: TcpStream, pages: &Mutex<Pages>, asked: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a socket can be cloned"));
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request).unwrap_or(0) == 0 {
            return;
        }
        let mut line = String::new();
        while reader.read_line(&mut line).unwrap_or(0) > 2 {
            line.clear();
        }
        let path = request.split(' ').nth(1).unwrap_or("/").to_owned();
        asked.lock().unwrap().push(path.clone());
        let page = pages.lock().unwrap().get(&path).cloned();
        let nothing = || ("404 Not Found\r\nContent-Type: text/plain".to_owned(), b"nothing here".to_vec());
        let (head, body) = page.unwrap_or_else(nothing);
        let head = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n", body.len());
        if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body)).is_err() {
            return;
        }
    }
}

/// Writes a configuration that watches one feed of a web.
pub fn configure(folder: &Path, web: &Web, more: &str) {
    let config = format!(
        "[crawl]\nper_host_delay = \"0ms\"\nallow_private = [\"{address}\"]\n\
         [digest]\nlanguages = [\"ru\"]\n{more}\n\
         [[source]]\nname = \"Invented\"\ndomain = \"{address}\"\nlanguages = [\"ru\"]\ncountry = \"KZ\"\n\
         [[source.feed]]\nurl = \"{feed}\"\n",
        address = web.address,
        feed = web.url("/rss.xml"),
    );
    std::fs::write(folder.join("config.toml"), config).expect("the folder can be written");
}

/// Rows of a queue file, by column.
pub fn rows(file: &Path) -> Vec<BTreeMap<String, String>> {
    let mut text = String::new();
    std::fs::File::open(file).expect("the queue file is there").read_to_string(&mut text).expect("it is UTF-8");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().map(|row| row.expect("every row is read")).collect()
}

/// Writes rows as a queue file.
pub fn write_rows(file: &Path, rows: &[BTreeMap<String, String>]) {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let columns: Vec<&String> = rows.first().map(|row| row.keys().collect()).unwrap_or_default();
    writer.write_record(&columns).unwrap();
    for row in rows {
        writer.write_record(columns.iter().map(|column| &row[*column])).unwrap();
    }
    std::fs::write(file, writer.into_inner().unwrap()).expect("the folder can be written");
}
