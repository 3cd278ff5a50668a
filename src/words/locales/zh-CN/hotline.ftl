# 12345 热线控制台的用语。与 en/hotline.ftl 的键和参数必须一致（有测试比对）。

# 操作：帮助里的一句话，.short 用在状态栏
action-app-quit = 退出控制台
    .short = 退出
action-app-help = 查看当前可用的按键
    .short = 帮助
action-app-palette = 打开命令面板，查找任何操作
    .short = 命令
action-app-language = 切换中文 / English
    .short = 语言
action-app-redraw = 重画整个屏幕
    .short = 重画
action-app-suspend = 挂到后台，回到命令行（fg 返回）
    .short = 后台
action-screen-desk = 转到受理桌面
    .short = 桌面
action-screen-tickets = 转到工单
    .short = 工单
action-screen-knowledge = 转到知识库
    .short = 知识
action-focus-queue = 光标到来电队列
    .short = 队列
action-focus-caller = 光标到来电人
    .short = 来电人
action-focus-form = 光标回受理登记
    .short = 登记
action-focus-knowledge = 光标到知识检索
    .short = 检索
action-focus-tickets = 光标到赋色工单
    .short = 工单
action-pane-next = 下一个窗格
    .short = 下一格
action-pane-previous = 上一个窗格
    .short = 上一格
action-select-up = 上移一行
    .short = 上移
action-select-down = 下移一行
    .short = 下移
action-select-page-up = 上翻一页
    .short = 上翻
action-select-page-down = 下翻一页
    .short = 下翻
action-select-first = 到第一行
    .short = 首行
action-select-last = 到最后一行
    .short = 末行
action-open = 打开所选
    .short = 打开
action-back = 返回上一层
    .short = 返回
action-zoom = 放大或还原当前窗格
    .short = 放大
action-search-start = 开始检索
    .short = 检索
action-seat-ready = 示闲，开始接听来电
    .short = 示闲
action-seat-pause = 示忙，暂停接听
    .short = 示忙
action-call-take = 接听振铃来电
    .short = 接听
action-call-hold = 保持或取回通话
    .short = 保持
action-call-wrap-up = 结束话后整理
    .short = 结束整理
action-answer-pin = 把第 { $place } 条知识钉到本通电话
    .short = 钉 { $place }
action-form-answer-directly = 按知识库直接解答，当场办结
    .short = 直接解答
action-form-dispatch = 登记并派单
    .short = 派单
action-form-urgent = 标记急难愁盼类别（逐类切换）
    .short = 急难愁盼
action-form-next-field = 下一项
    .short = 下一项
action-form-previous-field = 上一项
    .short = 上一项
action-ticket-claim = 领取所选工单
    .short = 领取
action-ticket-sign = 签收所选工单
    .short = 签收
action-ticket-contact = 登记与诉求人的联系
    .short = 联系
action-ticket-reply = 填写办理反馈
    .short = 反馈
action-ticket-review = 审核通过
    .short = 审核
action-ticket-send-back = 审核不通过，退回补正
    .short = 退回
action-ticket-call-back-solved = 回访：已解决
    .short = 已解决
action-ticket-call-back-unsolved = 回访：未解决
    .short = 未解决
action-ticket-rework = 退回承办单位重办
    .short = 重办
action-ticket-archive = 归档
    .short = 归档
action-ticket-urge = 催办所选工单
    .short = 催办
action-ticket-note = 添加备注
    .short = 备注
action-ticket-dispatch = 派给承办单位
    .short = 派单
action-clock-explain = 说明这个时限怎么算出来的
    .short = 来历
action-list-refresh = 重新载入列表
    .short = 刷新
action-submit = 确认
    .short = 确认
action-cancel = 取消，已填内容保留
    .short = 取消

# 按键的上下文 contexts
context-global = 全局
context-desk = 桌面
context-queue = 来电队列
context-caller = 来电人
context-form = 受理登记
context-knowledge-query = 知识检索
context-hits = 检索结果
context-article = 知识正文
context-tickets = 工单列表
context-ticket-detail = 工单详情
context-input = 输入框
context-help = 帮助

# 窗格与画面 panes and screens
pane-queue = 来电队列
pane-caller = 来电人
pane-form = 受理登记
pane-knowledge = 知识库
pane-article = 知识正文
pane-tickets = 赋色工单
pane-ticket-list = 工单
pane-ticket-detail = 工单详情
pane-timeline = 办理经过
pane-help = 按键帮助
pane-login = 登录
screen-desk = 桌面
screen-tickets = 工单
screen-knowledge = 知识
product-name = 12345 热线
call-with-time = 通话 { $time }
queue-longest = 最长 { $time }
form-filled = { $done }/{ $all } 项
form-draft-saved = 草稿 { $time } 已存
hits-found = { $count } 条 · { $milliseconds } ms
tickets-turning = 60 分钟内将变 { $count }

# 连接 link
link-good = 连接正常
link-lost = 断线
link-lost-for = 断线 { $time }
link-catching-up = 补齐中
link-catching-up-count = 补齐中 { $done }/{ $all }
link-connecting = 连接中
link-age = { $age }前
link-position = 位置 #{ $position }
link-unsent = 待送 { $count }
link-stopped-at = 数据停在 { $time }
link-still-works = 仍可登记和检索，恢复后自动送出

# 座席 seat
seat-off = 未签入
seat-ready = 示闲
seat-ringing = 振铃
seat-talking = 通话中
seat-held = 保持
seat-wrapping-up = 整理
seat-paused = 示忙

# 环节 steps
step-draft = 草稿
step-accepted = 受理
step-answered = 直接解答
step-dispatched = 派单
step-signed = 签收
step-in-progress = 办理
step-replied = 反馈
step-reviewed = 审核
step-called-back = 回访
step-archived = 归档
step-return-requested = 退单待裁
step-adjudication = 退单裁定
step-extension-requested = 延期待批
step-suspended = 挂起
step-merged = 并单
step-cancelled = 撤单
step-not-accepted = 不予受理
step-passed-on = 转接

# 操作名 acts, as the timeline and refusals name them
act-accept = 受理
act-answer = 直接解答
act-dispatch = 派单
act-redispatch = 改派
act-claim = 领取
act-release = 放回
act-sign = 签收
act-start = 开始办理
act-contact = 联系
act-progress = 进展
act-reply = 反馈
act-review = 审核通过
act-send-back = 退回补正
act-call-back = 回访
act-archive = 归档
act-rework = 重办
act-urge = 催办
act-note = 备注
act-request-return = 申请退单
act-grant-return = 同意退单
act-refuse-return = 驳回退单
act-request-extension = 申请延期
act-grant-extension = 同意延期
act-refuse-extension = 驳回延期
act-suspend = 挂起
act-resume = 恢复
act-supervise = 督办
act-lift = 提级
act-merge = 并单
act-cancel = 撤单
act-decline = 不予受理
act-pass-on = 转接
act-edit = 修改
act-pending = { $act }…
act-waiting-for-server = 等待服务器确认

# 类型 kinds
kind-consultation = 咨询
kind-help = 求助
kind-complaint = 投诉
kind-report = 举报
kind-suggestion = 建议

# 标识 flags
flag-orange = 橙
flag-red = 红
flag-overdue = 超期
flag-yellow = 黄
flag-green = 绿道
flag-priority = 优先
flag-provisional = 暂定
flag-turns = 转{ $flag }
flag-due = 到期
flag-over-by = 已超 { $time }
flag-promise-overdue = 超期承诺

# 字段 fields
field-kind = 类型
field-matter = 事项
field-place = 地点
field-demand = 诉求
field-title = 标题
field-urgent-class = 急难愁盼
field-unit = 承办
field-due = 办结时限
field-call-back = 回访
field-number = 工单号
field-step = 环节
field-flag = 标识
field-next-turn = 下一次变化
field-caller = 来电人
field-phone = 号码
field-district = 区划
field-line = 线路
field-waiting = 等待
field-handler = 经办
field-signed = 签收
field-replied = 反馈
field-note = 备注
field-reason = 原因
field-user = 工号
field-password = 密码
field-required = 必填
field-not-urgent = 非急难
field-same-phone = 本机 / 另留号码
field-working-days = { $days } 个工作日

# 急难愁盼类别 urgent classes
urgent-none = 非急难
urgent-safety = 人身安全
urgent-livelihood = 基本生活
urgent-supply = 水电气暖
urgent-wages = 欠薪
urgent-efficiency = 效能

# 来电提示条 strip
strip-ringing = 来电振铃
strip-ringing-short = 来电
strip-waited = 已等 { $time }
strip-left = { $standard } 秒标准还剩 { $left } 秒
strip-left-short = 剩 { $left } 秒
strip-hold-current = 本通话转保持
strip-first-call = 首次来电
strip-again = 再次来电
strip-take = { $key } 接听
strip-line-citizen = 市民热线
strip-line-enterprise = 涉企专线
strip-abandoned = 来电人已挂机
strip-taken-by = 已由 { $who } 接听
strip-number-hidden = 未显示号码

# 空 empty states
empty-queue = 没有来电
empty-caller = 没有通话
empty-caller-history = 没有来电记录
empty-tickets = 没有需要留意的工单
empty-ticket-list = 没有符合条件的工单
empty-hits = 没有找到「{ $query }」
empty-query = 输入首字母、全拼或汉字，如 wgfh
empty-article = 选一条知识，正文显示在这里
empty-timeline = 还没有办理记录
empty-not-ready = 还未示闲，按 { $key } 开始接听
loading = 载入中
loading-count = 载入 { $done }/{ $all }

# 知识 knowledge
article-read-aloud = 念给来电人
article-steps = 步骤 { $done }/{ $all }
article-basis = 依据
article-materials = 材料
article-fee = 费用
article-takes = 用时
article-edition = 第 { $edition } 版
article-valid-until = 有效至 { $date }
article-expired = 已失效
article-changed = 口径已变
article-pinned = 已钉 { $code }
article-search-modes = 首字母 全拼 汉字

# 已办 done, in the status line
done-answered = { $number } 已直接解答
done-dispatched = { $number } 已派单
done-claimed = { $number } 已领取
done-signed = { $number } 已签收
done-contacted = { $number } 已记联系
done-replied = { $number } 已反馈
done-reviewed = { $number } 审核通过
done-sent-back = { $number } 已退回补正
done-called-back = { $number } 已回访
done-reworked = { $number } 已退回重办
done-archived = { $number } 已归档
done-urged = { $number } 已催办
done-noted = { $number } 已备注
done-language = 已切换为中文

# 输入提示 prompts
prompt-contact = 联系内容（与谁、何时、说了什么）
prompt-reply = 办理反馈
prompt-note = 备注内容
prompt-send-back = 退回补正的原因
prompt-rework = 重办的原因
prompt-urge = 催办意见（可不填）
prompt-unit = 派给哪个单位
prompt-quit = 有未提交的登记，草稿已存。再按一次退出
prompt-keys = { $submit } 确认  { $cancel } 取消
prompt-kind = 类型：1 咨询  2 求助  3 投诉  4 举报  5 建议

# 不能办 refusals: the rules said no
refusal-illegal-step = 工单在「{ $step }」环节，不能{ $act }。现在可以：{ $legal }
refusal-no-legal-step = 工单在「{ $step }」环节，不能{ $act }，也没有其他可做的操作
refusal-already-claimed = 已由 { $who } 领取
refusal-call-already-taken = 这通来电已由 { $who } 接听
refusal-forbidden = 您没有{ $act }的权限，请联系班长
refusal-stale = 工单已被他人更新，您填的内容还在。看过新内容后再提交
refusal-not-found = 没有这个工单，或不在您的权限内：{ $what }
refusal-field-required = 请填写{ $field }
refusal-field-too-long = { $field }最多 { $limit } 字
refusal-reason-needed = 请选择原因
refusal-not-on-a-call = 没有通话，先接听来电
refusal-no-ringing-call = 没有正在振铃的来电
refusal-same-key-other-body = 同一编号已提交过不同的内容，没有重复登记
refusal-in-flight = 上一次提交还在处理，请稍候
refusal-too-many = 操作太快，{ $seconds } 秒后再试
refusal-nothing-pinned = 还没有钉住知识，先用 alt-1…9 钉一条再直接解答
refusal-nothing-selected = 先选一行

# 出错 errors: something broke
error-unreachable = 连不上服务器 { $server }，正在重试。您填的内容都在
error-login-failed = 登录没有成功：{ $why }
error-wrong-password = 工号或密码不对
error-session-ended = 登录已过期，请重新登录。您填的内容都在
error-server = 服务器出错，编号 { $reference }，请告知管理员
error-protocol = 服务器的回复看不懂，版本可能不一致
error-unknown-key = 这里没有 { $key } 这个键，? 查看可用的键
error-keymap = 按键文件有 { $count } 处错误，先用内置按键
error-theme = 主题文件有 { $count } 处错误，先用内置主题
error-file = 读不了文件 { $path }：{ $why }
error-panic = 控制台意外停止：{ $why }
error-panic-draft = 已登记的内容都在，重新打开即可继续

# 终端 terminal
terminal-not-a-terminal = 标准输出不是终端，控制台打不开。请直接在终端里运行，或用 hotline ticket list 等命令
terminal-dumb = 终端类型是 { $term }，画不了控制台。请换一个终端，或设 TERM=xterm-256color
terminal-failed = 终端打不开：{ $why }
terminal-too-small = 窗口 { $columns }×{ $rows } 太小，至少要 { $needed_columns }×{ $needed_rows }。内容都在，放大即可
terminal-no-shell = 没有可以返回的命令行

# 帮助 help
help-title = 按键
help-close = { $key } 关闭
help-five-keys = 先记五个键
which-key-title = { $keys } 之后
keymap-from = 按键表：{ $name }

# 时间 time
weekday-1 = 周一
weekday-2 = 周二
weekday-3 = 周三
weekday-4 = 周四
weekday-5 = 周五
weekday-6 = 周六
weekday-7 = 周日
yesterday = 昨
seconds = { $count } 秒
minutes = { $count } 分
undo-left = { $key } 撤销 { $left } 秒

# 命令行 command line
unknown-language = 没有语言「{ $asked }」，可用 zh-CN 或 en
command-listening = 服务已启动：{ $address }
command-stopped = 服务已停止
command-demo = 示例城市已就绪，种子 { $seed }
command-imported = 导入 { $done } 条，跳过 { $skipped } 条，拒绝 { $refused } 条
command-dry-run = 试运行，没有写入任何内容
command-nothing = 没有记录
command-more = 还有更多，加 --limit 或 --after { $next }
command-check-good = 检查通过
command-check-faults = { $count } 处错误
command-user-added = 已添加用户 { $user }
command-due = 应于 { $date } 办结
