//! What clerks write in the sample city: contact notes and replies that fit the kind of request. Words only; who writes
//! them and when is in `life` and `staged`.
use super::matters::{Intent, Kind};
use super::random::Random;

/// One of the notes.
pub(super) fn note(random: &mut Random, notes: &[&str]) -> String {
    random.pick(notes).copied().unwrap_or_default().to_owned()
}

/// Contact notes (联系记录) that fit the request.
pub(super) fn contacts(intent: &Intent) -> &'static [&'static str] {
    match intent.kind {
        Kind::Consultation | Kind::Suggestion => &CONTACTS_BY_TELEPHONE,
        Kind::Help | Kind::Complaint | Kind::Report => &CONTACTS_ON_SITE,
    }
}

/// Replies (反馈) that fit the request.
pub(super) fn replies(intent: &Intent) -> &'static [&'static str] {
    let parent = intent.class.split_once('.').map_or("", |(parent, _)| parent);
    match (intent.kind, parent) {
        (Kind::Consultation, _) => &REPLIES_TO_QUESTIONS,
        (Kind::Suggestion, _) => &REPLIES_TO_SUGGESTIONS,
        (_, "enterprise" | "labour" | "land" | "medical" | "civil" | "service") => &REPLIES_OF_OFFICES,
        (_, "utility" | "housing" | "traffic" | "rural") => &REPLIES_AFTER_REPAIR,
        (_, "order") if intent.class == "order.light" => &REPLIES_AFTER_REPAIR,
        _ => &REPLIES_AFTER_INSPECTION,
    }
}

const CONTACTS_BY_TELEPHONE: [&str; 3] = [
    "已与来电人取得联系，说明政策依据和办理流程。",
    "已电话联系来电人，了解具体情况，约定一个工作日内书面答复。",
    "已联系来电人，其补充了有关信息，正在核对。",
];

const CONTACTS_ON_SITE: [&str; 5] = [
    "已电话联系来电人，核实地点和诉求，约定现场查看时间。",
    "已联系来电人，其补充了照片，正在核实。",
    "现场查看完毕，已向来电人说明初步情况。",
    "已联系来电人并通知责任单位到场，当日给出方案。",
    "已电话回应来电人，告知需要会同街道共同处理。",
];

const REPLIES_TO_QUESTIONS: [&str; 3] = [
    "已电话答复来电人，说明办理条件、所需材料和时限，并发送办事指南，来电人表示清楚。",
    "经核对系统，业务正在正常办理，预计五个工作日内办结，已告知来电人查询方式。",
    "已按现行规定逐项解释，来电人无其他疑问。",
];

const REPLIES_TO_SUGGESTIONS: [&str; 2] = [
    "所提建议已纳入下一年度计划研究，实施前将征求周边群众意见，已电话说明并致谢。",
    "经研究，建议部分可行，将先行试点，结果另行公布，已告知来电人。",
];

const REPLIES_OF_OFFICES: [&str; 4] = [
    "经核查，材料已一次性告知，业务已办结，相关款项将在五个工作日内到账，来电人表示理解。",
    "经组织各方协商，已达成一致意见，由责任方于三日内履行，我单位将跟踪落实。",
    "已安排专人对接，当场说明办理流程并代为提交，来电人表示满意。",
    "经调查，工作中确有沟通不到位，已向来电人致歉并限期改正，事项已办理完毕。",
];

const REPLIES_AFTER_REPAIR: [&str; 3] = [
    "经检修，故障已排除，设施恢复正常，已请来电人现场确认。",
    "已组织抢修并更换部件，目前运行正常，将加密巡查。",
    "经现场核实，反映情况属实，责任单位已完成整改，已将结果告知来电人。",
];

const REPLIES_AFTER_INSPECTION: [&str; 3] = [
    "经现场核实，反映情况属实，已责令责任方整改，目前整改完毕，已将结果告知来电人。",
    "经检查，部分情况属实，已约谈负责人并限期改正，后续将不定期复查。",
    "已立案调查，依法作出处理，结果已书面告知来电人。",
];
