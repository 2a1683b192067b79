//! The commands, one file each, named as typed.

mod ab;
mod activate;
mod auth;
mod batch;
mod bisect;
mod blame;
mod branch;
mod cache;
mod check;
mod checkpoint;
mod cluster;
pub mod commit;
mod compare;
mod completions;
mod config;
mod cp;
mod deactivate;
mod demo;
mod deps;
mod diff;
mod doctor;
mod dup;
mod edit;
mod eval;
mod examples;
mod fmt;
mod generate;
mod get;
mod hook;
mod import;
mod index;
mod init;
mod judge;
mod label;
mod lineage;
mod link;
mod links;
mod list;
mod log;
mod man;
mod merge;
mod merge_driver;
mod models;
mod mv;
mod new;
mod perf;
mod persona;
mod phase;
mod port;
mod pricing;
mod project;
mod promote;
mod providers;
mod purge;
mod rank;
mod rate;
mod refine;
mod regenerate;
mod render;
mod report;
mod restore;
mod results;
mod review;
mod rm;
mod rollback;
mod rubric;
mod run;
mod search;
mod select;
mod select_best;
mod session;
mod set;
mod show;
mod similar;
mod simulate;
mod status;
mod suite;
mod switch;
mod tag;
mod textconv;
mod tokens;
mod trace;
mod tree;
mod trust;
mod unset;
mod update;
mod validate_response;
mod vars;
mod version;
mod vocab;
mod watch;

use clap::Subcommand;

use super::Exit;
use super::ui::Ui;
use crate::app::App;

#[derive(Debug, Subcommand)]
pub enum Command {
    Ab(ab::Args),
    Activate(activate::Args),
    Auth(auth::Args),
    Batch(batch::Args),
    Bisect(bisect::Args),
    Blame(blame::Args),
    Branch(branch::Args),
    Cache(cache::Args),
    Check(check::Args),
    Checkpoint(checkpoint::Args),
    Cluster(cluster::Args),
    Commit(commit::Args),
    Compare(compare::Args),
    Completions(completions::Args),
    Config(config::Args),
    Cp(cp::Args),
    Deactivate(deactivate::Args),
    Demo(demo::Args),
    Deps(deps::Args),
    Diff(diff::Args),
    Doctor(doctor::Args),
    Dup(dup::Args),
    Edit(edit::Args),
    Eval(Box<eval::Args>),
    Examples(examples::Args),
    Fmt(fmt::Args),
    Generate(Box<generate::Args>),
    Get(get::Args),
    Hook(hook::Args),
    Import(import::Args),
    Index(index::Args),
    Init(init::Args),
    Judge(judge::Args),
    Label(label::Args),
    Lineage(lineage::Args),
    Link(link::Args),
    Links(links::Args),
    List(list::Args),
    Log(log::Args),
    Man(man::Args),
    Merge(merge::Args),
    #[command(hide = true)]
    MergeDriver(merge_driver::Args),
    Models(models::Args),
    Mv(mv::Args),
    New(new::Args),
    Perf(perf::Args),
    Persona(persona::Args),
    Phase(phase::Args),
    Port(port::Args),
    Pricing(pricing::Args),
    Project(project::Args),
    Promote(promote::Args),
    Providers(providers::Args),
    Purge(purge::Args),
    Rank(rank::Args),
    Rate(rate::Args),
    Refine(refine::Args),
    Regenerate(Box<regenerate::Args>),
    Render(render::Args),
    Report(report::Args),
    Restore(restore::Args),
    Results(results::Args),
    Review(review::Args),
    Rm(rm::Args),
    Rollback(rollback::Args),
    Rubric(rubric::Args),
    Run(run::Args),
    Search(search::Args),
    Select(select::Args),
    SelectBest(select_best::Args),
    Session(session::Args),
    Set(set::Args),
    Show(show::Args),
    Similar(similar::Args),
    Simulate(simulate::Args),
    Status(status::Args),
    Suite(suite::Args),
    Switch(switch::Args),
    Tag(tag::Args),
    #[command(hide = true)]
    Textconv(textconv::Args),
    Tokens(tokens::Args),
    Trace(trace::Args),
    Tree(tree::Args),
    Trust(trust::Args),
    Unset(unset::Args),
    Update(update::Args),
    ValidateResponse(validate_response::Args),
    Vars(vars::Args),
    Version(version::Args),
    Vocab(vocab::Args),
    Watch(watch::Args),
}

impl Command {
    pub fn run(&self, app: &App, ui: &mut Ui) -> Exit {
        match self {
            Command::Ab(args) => ab::run(app, ui, args),
            Command::Activate(args) => activate::run(app, ui, args),
            Command::Auth(args) => auth::run(app, ui, args),
            Command::Batch(args) => batch::run(app, ui, args),
            Command::Bisect(args) => bisect::run(app, ui, args),
            Command::Blame(args) => blame::run(app, ui, args),
            Command::Branch(args) => branch::run(app, ui, args),
            Command::Cache(args) => cache::run(app, ui, args),
            Command::Check(args) => check::run(app, ui, args),
            Command::Checkpoint(args) => checkpoint::run(app, ui, args),
            Command::Cluster(args) => cluster::run(app, ui, args),
            Command::Commit(args) => commit::run(app, ui, args),
            Command::Compare(args) => compare::run(app, ui, args),
            Command::Completions(args) => completions::run(ui, args),
            Command::Config(args) => config::run(app, ui, args),
            Command::Cp(args) => cp::run(app, ui, args),
            Command::Deactivate(args) => deactivate::run(app, ui, args),
            Command::Demo(args) => demo::run(app, ui, args),
            Command::Deps(args) => deps::run(app, ui, args),
            Command::Diff(args) => diff::run(app, ui, args),
            Command::Doctor(args) => doctor::run(app, ui, args),
            Command::Dup(args) => dup::run(app, ui, args),
            Command::Edit(args) => edit::run(app, ui, args),
            Command::Eval(args) => eval::run(app, ui, args),
            Command::Examples(args) => examples::run(app, ui, args),
            Command::Fmt(args) => fmt::run(app, ui, args),
            Command::Generate(args) => generate::run(app, ui, args),
            Command::Get(args) => get::run(app, ui, args),
            Command::Hook(args) => hook::run(app, ui, args),
            Command::Import(args) => import::run(app, ui, args),
            Command::Index(args) => index::run(app, ui, args),
            Command::Init(args) => init::run(app, ui, args),
            Command::Judge(args) => judge::run(app, ui, args),
            Command::Label(args) => label::run(app, ui, args),
            Command::Lineage(args) => lineage::run(app, ui, args),
            Command::Link(args) => link::run(app, ui, args),
            Command::Links(args) => links::run(app, ui, args),
            Command::List(args) => list::run(app, ui, args),
            Command::Log(args) => log::run(app, ui, args),
            Command::Man(args) => man::run(app, ui, args),
            Command::Merge(args) => merge::run(app, ui, args),
            Command::MergeDriver(args) => merge_driver::run(app, ui, args),
            Command::Models(args) => models::run(app, ui, args),
            Command::Mv(args) => mv::run(app, ui, args),
            Command::New(args) => new::run(app, ui, args),
            Command::Perf(args) => perf::run(app, ui, args),
            Command::Persona(args) => persona::run(app, ui, args),
            Command::Phase(args) => phase::run(app, ui, args),
            Command::Port(args) => port::run(app, ui, args),
            Command::Pricing(args) => pricing::run(app, ui, args),
            Command::Project(args) => project::run(app, ui, args),
            Command::Promote(args) => promote::run(app, ui, args),
            Command::Providers(args) => providers::run(app, ui, args),
            Command::Purge(args) => purge::run(app, ui, args),
            Command::Rank(args) => rank::run(app, ui, args),
            Command::Rate(args) => rate::run(app, ui, args),
            Command::Refine(args) => refine::run(app, ui, args),
            Command::Regenerate(args) => regenerate::run(app, ui, args),
            Command::Render(args) => render::run(app, ui, args),
            Command::Report(args) => report::run(app, ui, args),
            Command::Restore(args) => restore::run(app, ui, args),
            Command::Results(args) => results::run(app, ui, args),
            Command::Review(args) => review::run(app, ui, args),
            Command::Rm(args) => rm::run(app, ui, args),
            Command::Rollback(args) => rollback::run(app, ui, args),
            Command::Rubric(args) => rubric::run(app, ui, args),
            Command::Run(args) => run::run(app, ui, args),
            Command::Search(args) => search::run(app, ui, args),
            Command::Select(args) => select::run(app, ui, args),
            Command::SelectBest(args) => select_best::run(app, ui, args),
            Command::Session(args) => session::run(app, ui, args),
            Command::Set(args) => set::run(app, ui, args),
            Command::Show(args) => show::run(app, ui, args),
            Command::Similar(args) => similar::run(app, ui, args),
            Command::Simulate(args) => simulate::run(app, ui, args),
            Command::Status(args) => status::run(app, ui, args),
            Command::Suite(args) => suite::run(app, ui, args),
            Command::Switch(args) => switch::run(app, ui, args),
            Command::Tag(args) => tag::run(app, ui, args),
            Command::Textconv(args) => textconv::run(app, ui, args),
            Command::Tokens(args) => tokens::run(app, ui, args),
            Command::Trace(args) => trace::run(app, ui, args),
            Command::Tree(args) => tree::run(app, ui, args),
            Command::Trust(args) => trust::run(app, ui, args),
            Command::Unset(args) => unset::run(app, ui, args),
            Command::Update(args) => update::run(app, ui, args),
            Command::ValidateResponse(args) => validate_response::run(app, ui, args),
            Command::Vars(args) => vars::run(app, ui, args),
            Command::Version(args) => version::run(ui, args),
            Command::Vocab(args) => vocab::run(app, ui, args),
            Command::Watch(args) => watch::run(app, ui, args),
        }
    }
}
