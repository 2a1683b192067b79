//! The published shapes of JSON output, one a command.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use super::activate::ActivatedV1;
use super::batch::BatchV1;
use super::bisect::BisectV1;
use super::blame::BlameV1;
use super::check::{CheckV1, RuleV1};
use super::cluster::ClusterV1;
use super::commit::CommitV1;
use super::compare::json::CompareV1;
use super::demo::DemoV1;
use super::deps::DepsV1;
use super::diff::json::DiffV1;
use super::dup::DupV1;
use super::edit::EditV1;
use super::evaluation::{heat, json as evaluation, trend};
use super::generate::GenerateV1;
use super::get::GetV1;
use super::init::InitV1;
use super::json::{Envelope, ErrorV1};
use super::labels::{EventV1, LabelV1, LabelledV1};
use super::lineage::LineageV1;
use super::links::LinksV1;
use super::list::ListedV1;
use super::merge::MergeV1;
use super::perf::PerfV1;
use super::promote::PromotedV1;
use super::prompt::PromptV1;
use super::purge::PurgedV1;
use super::rank::RankV1;
use super::rate::RateV1;
use super::refine::RefineV1;
use super::render::RenderV1;
use super::restore::RestoreV1;
use super::review::json::ReviewV1;
use super::search::SearchV1;
use super::select::SelectV1;
use super::select_best::SelectBestV1;
use super::similar::SimilarV1;
use super::simulate::SimulateV1;
use super::status::StatusV1;
use super::suggest::SuggestV1;
use super::tags::TagV1;
use super::tokens::TokensV1;
use super::validate_response::ResponseV1;
use super::vars::VarsV1;
use super::version::VersionV1;
use super::watch::WatchV1;
use super::written::WrittenV1;
use super::{
    auth, branch, cache, checkpoint, config, doctor, eval, examples, hook, index, judge, log, models, persona, phase,
    pricing, project, providers, results, rubric, run, session, suite, trace, trust, vocab,
};
use crate::render::trace::Trace;

/// Every shape with the name that stands in its `schema` field. A command whose output is not listed here fails its
/// tests: the harness checks each answer against its file under `schemas/output`.
#[rustfmt::skip]
pub fn all() -> Vec<(&'static str, Schema)> {
    vec![
        of::<CompareV1<'_>>("palc.ab.v1"),
        of::<ActivatedV1<'_>>("palc.activate.v1"),
        of::<Vec<auth::RowV1>>("palc.auth.list.v1"),
        of::<auth::RemovedV1>("palc.auth.remove.v1"),
        of::<auth::KeptV1>("palc.auth.set.v1"),
        of::<BatchV1<'_>>("palc.batch.v1"),
        of::<BisectV1<'_>>("palc.bisect.v1"),
        of::<BlameV1<'_>>("palc.blame.v1"),
        of::<Vec<branch::BranchV1>>("palc.branch.v1"),
        of::<Vec<branch::ChangeV1>>("palc.branch.change.v1"),
        of::<cache::ClearedV1>("palc.cache.clear.v1"),
        of::<cache::StatusV1<'_>>("palc.cache.status.v1"),
        of::<CheckV1>("palc.check.v1"),
        of::<checkpoint::MadeV1>("palc.checkpoint.create.v1"),
        of::<Vec<checkpoint::CheckpointV1>>("palc.checkpoint.drop.v1"),
        of::<Vec<checkpoint::CheckpointV1>>("palc.checkpoint.list.v1"),
        of::<checkpoint::RestoredV1>("palc.checkpoint.restore.v1"),
        of::<checkpoint::CheckpointV1>("palc.checkpoint.show.v1"),
        of::<Vec<ClusterV1<'_>>>("palc.cluster.v1"),
        of::<CommitV1>("palc.commit.v1"),
        of::<CompareV1<'_>>("palc.compare.v1"),
        of::<config::SettingV1<'_>>("palc.config.get.v1"),
        of::<config::MadeV1>("palc.config.init.v1"),
        of::<Vec<config::FileV1>>("palc.config.path.v1"),
        of::<config::EditedV1>("palc.config.set.v1"),
        of::<Vec<config::SettingV1<'_>>>("palc.config.show.v1"),
        of::<config::EditedV1>("palc.config.unset.v1"),
        of::<config::UpgradedV1>("palc.config.upgrade.v1"),
        of::<WrittenV1>("palc.cp.v1"),
        of::<ActivatedV1<'_>>("palc.deactivate.v1"),
        of::<DemoV1>("palc.demo.v1"),
        of::<DepsV1<'_>>("palc.deps.v1"),
        of::<DiffV1>("palc.diff.v1"),
        of::<doctor::ReportV1<'_>>("palc.doctor.v1"),
        of::<DupV1<'_>>("palc.dup.v1"),
        of::<EditV1<'_>>("palc.edit.v1"),
        of::<ErrorV1>("palc.error.v1"),
        of::<eval::EvalV1<'_>>("palc.eval.v1"),
        of::<eval::EvalPlanV1<'_>>("palc.eval.plan.v1"),
        of::<examples::AddedV1>("palc.examples.add.v1"),
        of::<Vec<examples::SetV1>>("palc.examples.list.v1"),
        of::<examples::PickedV1>("palc.examples.pick.v1"),
        of::<WrittenV1>("palc.fmt.v1"),
        of::<GenerateV1<'_>>("palc.generate.v1"),
        of::<GetV1<'_>>("palc.get.v1"),
        of::<hook::HookV1>("palc.hook.install.v1"),
        of::<hook::RanV1>("palc.hook.run.v1"),
        of::<hook::HookV1>("palc.hook.uninstall.v1"),
        of::<WrittenV1>("palc.import.promptfoo.v1"),
        of::<index::IndexV1<'_>>("palc.index.rebuild.v1"),
        of::<index::IndexV1<'_>>("palc.index.status.v1"),
        of::<index::IndexV1<'_>>("palc.index.update.v1"),
        of::<index::VerifiedV1<'_>>("palc.index.verify.v1"),
        of::<InitV1>("palc.init.v1"),
        of::<judge::audit::AuditV1<'_>>("palc.judge.audit.v1"),
        of::<judge::calibrate::CalibrateV1<'_>>("palc.judge.calibrate.v1"),
        of::<Vec<EventV1<'_>>>("palc.label.history.v1"),
        of::<Vec<LabelV1<'_>>>("palc.label.list.v1"),
        of::<LabelledV1<'_>>("palc.label.move.v1"),
        of::<LabelledV1<'_>>("palc.label.remove.v1"),
        of::<LabelledV1<'_>>("palc.label.set.v1"),
        of::<LineageV1<'_>>("palc.lineage.v1"),
        of::<WrittenV1>("palc.link.v1"),
        of::<LinksV1<'_>>("palc.links.v1"),
        of::<Vec<ListedV1>>("palc.list.v1"),
        of::<Vec<log::EntryV1>>("palc.log.v1"),
        of::<MergeV1>("palc.merge.v1"),
        of::<Vec<models::ListingV1<'_>>>("palc.models.v1"),
        of::<WrittenV1>("palc.mv.v1"),
        of::<WrittenV1>("palc.new.v1"),
        of::<PerfV1<'_>>("palc.perf.v1"),
        of::<Vec<persona::PersonaV1<'_>>>("palc.persona.list.v1"),
        of::<WrittenV1>("palc.persona.new.v1"),
        of::<persona::ShownV1<'_>>("palc.persona.show.v1"),
        of::<Vec<phase::PhaseV1<'_>>>("palc.phase.list.v1"),
        of::<phase::PhaseV1<'_>>("palc.phase.show.v1"),
        of::<CommitV1>("palc.port.v1"),
        of::<pricing::PricesV1<'_>>("palc.pricing.v1"),
        of::<Vec<project::ListedV1<'_>>>("palc.project.list.v1"),
        of::<config::EditedV1>("palc.project.new.v1"),
        of::<project::ProjectV1<'_>>("palc.project.show.v1"),
        of::<PromotedV1<'_>>("palc.promote.v1"),
        of::<Vec<providers::TestedV1<'_>>>("palc.providers.test.v1"),
        of::<Vec<providers::RowV1<'_>>>("palc.providers.v1"),
        of::<PurgedV1<'_>>("palc.purge.v1"),
        of::<RankV1<'_>>("palc.rank.v1"),
        of::<RateV1<'_>>("palc.rate.v1"),
        of::<RefineV1<'_>>("palc.refine.v1"),
        of::<GenerateV1<'_>>("palc.regenerate.v1"),
        of::<RenderV1<'_>>("palc.render.v1"),
        of::<heat::HeatV1>("palc.report.heatmap.v1"),
        of::<evaluation::LineV1<'_>>("palc.report.line.v1"),
        of::<evaluation::EvaluationV1<'_>>("palc.report.run.v1"),
        of::<trend::TrendV1<'_>>("palc.report.trend.v1"),
        of::<RestoreV1>("palc.restore.v1"),
        of::<ReviewV1<'_>>("palc.review.v1"),
        of::<results::KeptV1<'_>>("palc.results.keep.v1"),
        of::<results::ListingV1<'_>>("palc.results.list.v1"),
        of::<results::MergedV1<'_>>("palc.results.merge.v1"),
        of::<results::PrunedV1<'_>>("palc.results.prune.v1"),
        of::<Vec<evaluation::LineV1<'_>>>("palc.results.show.v1"),
        of::<WrittenV1>("palc.rm.v1"),
        of::<RestoreV1>("palc.rollback.v1"),
        of::<rubric::CheckedRubricsV1<'_>>("palc.rubric.check.v1"),
        of::<Vec<rubric::RubricV1<'_>>>("palc.rubric.list.v1"),
        of::<rubric::JudgePromptV1<'_>>("palc.rubric.prompt.v1"),
        of::<rubric::RubricV1<'_>>("palc.rubric.show.v1"),
        of::<run::WouldV1<'_>>("palc.run.plan.v1"),
        of::<run::RunV1<'_>>("palc.run.v1"),
        of::<Vec<RuleV1>>("palc.rules.v1"),
        of::<SearchV1<'_>>("palc.search.v1"),
        of::<SelectV1<'_>>("palc.select.v1"),
        of::<SelectBestV1<'_>>("palc.select-best.v1"),
        of::<Vec<session::ContextV1<'_>>>("palc.session.context.v1"),
        of::<Vec<session::ListedV1<'_>>>("palc.session.list.v1"),
        of::<session::SessionV1<'_>>("palc.session.show.v1"),
        of::<WrittenV1>("palc.set.v1"),
        of::<PromptV1>("palc.show.v1"),
        of::<SimilarV1<'_>>("palc.similar.v1"),
        of::<SimulateV1<'_>>("palc.simulate.v1"),
        of::<StatusV1<'_>>("palc.status.v1"),
        of::<branch::SwitchV1>("palc.switch.v1"),
        of::<WrittenV1>("palc.tag.add.v1"),
        of::<Vec<TagV1>>("palc.tag.list.v1"),
        of::<WrittenV1>("palc.tag.remove.v1"),
        of::<WrittenV1>("palc.tag.rename.v1"),
        of::<SuggestV1<'_>>("palc.tag.suggest.v1"),
        of::<Vec<suite::CheckedV1<'_>>>("palc.suite.check.v1"),
        of::<Vec<suite::ListedV1<'_>>>("palc.suite.list.v1"),
        of::<suite::WrittenV1<'_>>("palc.suite.new.v1"),
        of::<suite::SplitV1<'_>>("palc.suite.split.v1"),
        of::<Vec<TokensV1<'_>>>("palc.tokens.v1"),
        of::<Vec<ListedV1>>("palc.tree.v1"),
        of::<Vec<trust::GrantedV1<'_>>>("palc.trust.list.v1"),
        of::<Vec<trust::GrantedV1<'_>>>("palc.trust.revoke.v1"),
        of::<trust::StandingV1<'_>>("palc.trust.v1"),
        of::<WrittenV1>("palc.unset.v1"),
        of::<WrittenV1>("palc.update.v1"),
        of::<ResponseV1<'_>>("palc.validate-response.v1"),
        of::<Vec<trace::ReplayedV1<'_>>>("palc.trace.replay.v1"),
        of::<Vec<trace::ShownV1<'_>>>("palc.trace.show.v1"),
        of::<Trace>("palc.trace.v1"),
        of::<VarsV1<'_>>("palc.vars.v1"),
        of::<VersionV1>("palc.version.v1"),
        of::<config::EditedV1>("palc.vocab.add.v1"),
        of::<Vec<vocab::VocabularyV1<'_>>>("palc.vocab.list.v1"),
        of::<config::EditedV1>("palc.vocab.remove.v1"),
        of::<WatchV1>("palc.watch.v1"),
    ]
}

fn of<T: JsonSchema>(name: &'static str) -> (&'static str, Schema) {
    // Fields that are left out when empty are optional only in what is written, not in what could be read.
    let mut schema =
        SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Envelope<T>>();
    schema.insert("title".into(), name.into());
    (name, schema)
}
