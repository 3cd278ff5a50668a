# The words of the hotline console. Keys and arguments equal those of zh-CN/hotline.ftl (a test compares).

# Actions: a sentence for the help; .short for the status line
action-app-quit = Leave the console
    .short = Quit
action-app-help = Show the keys that work here
    .short = Help
action-app-palette = Open the palette: every act by name
    .short = Commands
action-app-language = Switch 中文 / English
    .short = Language
action-app-redraw = Redraw the whole screen
    .short = Redraw
action-app-suspend = Back to the shell (fg returns)
    .short = Suspend
action-screen-desk = Go to the desk
    .short = Desk
action-screen-tickets = Go to tickets
    .short = Tickets
action-screen-knowledge = Go to knowledge
    .short = Know.
action-focus-queue = Focus the call queue
    .short = Queue
action-focus-caller = Focus the caller
    .short = Caller
action-focus-form = Focus the intake form
    .short = Form
action-focus-knowledge = Focus knowledge search
    .short = Search
action-focus-tickets = Focus flagged tickets
    .short = Tickets
action-pane-next = Next pane
    .short = Next
action-pane-previous = Previous pane
    .short = Prev.
action-select-up = One row up
    .short = Up
action-select-down = One row down
    .short = Down
action-select-page-up = One page up
    .short = Page up
action-select-page-down = One page down
    .short = Page dn
action-select-first = First row
    .short = First
action-select-last = Last row
    .short = Last
action-open = Open the selection
    .short = Open
action-back = Go back
    .short = Back
action-zoom = Zoom this pane, or restore it
    .short = Zoom
action-search-start = Start a search
    .short = Search
action-seat-ready = Ready for calls
    .short = Ready
action-seat-pause = Pause, no more calls
    .short = Pause
action-call-take = Take the ringing call
    .short = Answer
action-call-hold = Hold the call, or take it back
    .short = Hold
action-call-wrap-up = Finish wrapping up
    .short = Done
action-answer-pin = Pin answer { $place } to this call
    .short = Pin { $place }
action-form-answer-directly = Answered on the call; close it
    .short = Answer
action-form-dispatch = File and dispatch
    .short = Dispatch
action-form-urgent = Mark the urgent class (cycles)
    .short = Urgent
action-form-next-field = Next field
    .short = Next
action-form-previous-field = Previous field
    .short = Prev.
action-ticket-claim = Claim the ticket
    .short = Claim
action-ticket-sign = Sign for the ticket
    .short = Sign
action-ticket-contact = Log a contact with the caller
    .short = Contact
action-ticket-reply = Write the reply
    .short = Reply
action-ticket-review = Pass the reply
    .short = Review
action-ticket-send-back = Send the reply back
    .short = Send back
action-ticket-call-back-solved = Call-back: solved
    .short = Solved
action-ticket-call-back-unsolved = Call-back: not solved
    .short = Unsolved
action-ticket-rework = Back to the unit for rework
    .short = Rework
action-ticket-archive = Archive the ticket
    .short = Archive
action-ticket-urge = Urge the ticket
    .short = Urge
action-ticket-note = Add a note
    .short = Note
action-ticket-dispatch = Dispatch to a unit
    .short = Dispatch
action-clock-explain = Explain how this date came about
    .short = Why
action-list-refresh = Load the list again
    .short = Refresh
action-submit = Confirm
    .short = OK
action-cancel = Cancel; what was typed is kept
    .short = Cancel

# 按键的上下文 contexts
context-global = Everywhere
context-desk = Desk
context-queue = Call queue
context-caller = Caller
context-form = Intake
context-knowledge-query = Search box
context-hits = Hits
context-article = Article
context-tickets = Tickets
context-ticket-detail = Ticket detail
context-input = Input box
context-help = Help

# 窗格与画面 panes and screens
pane-queue = Calls
pane-caller = Caller
pane-form = Intake
pane-knowledge = Knowledge
pane-article = Article
pane-tickets = Flagged
pane-ticket-list = Tickets
pane-ticket-detail = Ticket
pane-timeline = Timeline
pane-help = Keys
pane-login = Log in
screen-desk = Desk
screen-tickets = Tickets
screen-knowledge = Know.
product-name = Hotline 12345
call-with-time = Call { $time }
queue-longest = longest { $time }
form-filled = { $done }/{ $all } filled
form-draft-saved = draft saved { $time }
hits-found = { $count } · { $milliseconds } ms
tickets-turning = { $count } turn in 60 min

# 连接 link
link-good = Connected
link-lost = Offline
link-lost-for = Offline { $time }
link-catching-up = Catching up
link-catching-up-count = Catching up { $done }/{ $all }
link-connecting = Connecting
link-age = { $age } ago
link-position = position #{ $position }
link-unsent = unsent { $count }
link-stopped-at = data as of { $time }
link-still-works = you can still file and search; it is sent when the link is back

# 座席 seat
seat-off = Signed out
seat-ready = Ready
seat-ringing = Ringing
seat-talking = On a call
seat-held = On hold
seat-wrapping-up = Wrap-up
seat-paused = Paused

# 环节 steps
step-draft = Draft
step-accepted = Accepted
step-answered = Answered
step-dispatched = Sent
step-signed = Signed
step-in-progress = Working
step-replied = Replied
step-reviewed = Reviewed
step-called-back = Called
step-archived = Archived
step-return-requested = Return?
step-adjudication = Ruling
step-extension-requested = Extend?
step-suspended = On hold
step-merged = Merged
step-cancelled = Cancelled
step-not-accepted = Declined
step-passed-on = Passed on

# 操作名 acts, as the timeline and refusals name them
act-accept = accept
act-answer = answer
act-dispatch = dispatch
act-redispatch = re-dispatch
act-claim = claim
act-release = release
act-sign = sign
act-start = start
act-contact = contact
act-progress = progress
act-reply = reply
act-review = pass review
act-send-back = send back
act-call-back = call back
act-archive = archive
act-rework = rework
act-urge = urge
act-note = note
act-request-return = ask to return
act-grant-return = grant return
act-refuse-return = refuse return
act-request-extension = ask to extend
act-grant-extension = grant extension
act-refuse-extension = refuse extension
act-suspend = suspend
act-resume = resume
act-supervise = supervise
act-lift = lift
act-merge = merge
act-cancel = cancel
act-decline = decline
act-pass-on = pass on
act-edit = edit
act-pending = { $act }…
act-waiting-for-server = waiting for the server

# 类型 kinds
kind-consultation = Question
kind-help = Help
kind-complaint = Complaint
kind-report = Report
kind-suggestion = Proposal

# 标识 flags
flag-orange = orange
flag-red = red
flag-overdue = overdue
flag-yellow = yellow
flag-green = green
flag-priority = priority
flag-provisional = provis.
flag-turns = to { $flag }
flag-due = due
flag-over-by = over { $time }
flag-promise-overdue = promise overdue

# 字段 fields
field-kind = Kind
field-matter = Matter
field-place = Place
field-demand = Demand
field-title = Title
field-urgent-class = Urgent
field-unit = Unit
field-due = Due
field-call-back = Call-back
field-number = Number
field-step = Step
field-flag = Flag
field-next-turn = Next turn
field-caller = Caller
field-phone = Phone
field-district = District
field-line = Line
field-waiting = Wait
field-handler = Handler
field-signed = Signed
field-replied = Replied
field-note = Note
field-reason = Reason
field-user = User
field-password = Password
field-required = required
field-not-urgent = not urgent
field-same-phone = this phone / another
field-working-days = { $days } working days

# 急难愁盼类别 urgent classes
urgent-none = None
urgent-safety = Safety
urgent-livelihood = Livelihood
urgent-supply = Utilities
urgent-wages = Wages
urgent-efficiency = Conduct

# 来电提示条 strip
strip-ringing = Call ringing
strip-ringing-short = Call
strip-waited = waited { $time }
strip-left = { $left } s left of { $standard } s
strip-left-short = { $left } s left
strip-hold-current = this call goes on hold
strip-first-call = first call
strip-again = calls again
strip-take = { $key } answer
strip-line-citizen = Citizens
strip-line-enterprise = Business
strip-abandoned = the caller hung up
strip-taken-by = taken by { $who }
strip-number-hidden = number withheld

# 空 empty states
empty-queue = No calls
empty-caller = No call
empty-caller-history = No earlier calls
empty-tickets = Nothing flagged
empty-ticket-list = No tickets match
empty-hits = Nothing found for “{ $query }”
empty-query = Type initials, pinyin or hanzi, e.g. wgfh
empty-article = Pick a hit; the article shows here
empty-timeline = Nothing done yet
empty-not-ready = Not ready: { $key } starts taking calls
loading = Loading
loading-count = Loading { $done }/{ $all }

# 知识 knowledge
article-read-aloud = Read to the caller
article-steps = Steps { $done }/{ $all }
article-basis = Basis
article-materials = Papers
article-fee = Fee
article-takes = Takes
article-edition = edition { $edition }
article-valid-until = valid to { $date }
article-expired = Expired
article-changed = Changed
article-pinned = Pinned { $code }
article-search-modes = initials · pinyin · hanzi

# 已办 done, in the status line
done-answered = { $number } answered
done-dispatched = { $number } dispatched
done-claimed = { $number } claimed
done-signed = { $number } signed
done-contacted = { $number } contact logged
done-replied = { $number } replied
done-reviewed = { $number } passed review
done-sent-back = { $number } sent back
done-called-back = { $number } called back
done-reworked = { $number } back for rework
done-archived = { $number } archived
done-urged = { $number } urged
done-noted = { $number } noted
done-language = Now in English

# 输入提示 prompts
prompt-contact = What was said, and with whom
prompt-reply = The reply to the caller
prompt-note = Note
prompt-send-back = Why it goes back
prompt-rework = Why it must be done again
prompt-urge = Words to the unit (optional)
prompt-unit = Which unit
prompt-quit = An intake is unfinished; the draft is kept. Press again to leave
prompt-keys = { $submit } OK  { $cancel } cancel
prompt-kind = Kind: 1 question  2 help  3 complaint  4 report  5 proposal

# 不能办 refusals: the rules said no
refusal-illegal-step = The ticket is at “{ $step }”; it cannot { $act }. Possible now: { $legal }
refusal-no-legal-step = The ticket is at “{ $step }”; it cannot { $act }, and nothing else is open to it
refusal-already-claimed = Already claimed by { $who }
refusal-call-already-taken = { $who } has taken this call
refusal-forbidden = You have no right to { $act }; ask your shift leader
refusal-stale = Someone changed this ticket; what you typed is kept. Look, then send again
refusal-not-found = No such ticket, or not yours to see: { $what }
refusal-field-required = { $field } is needed
refusal-field-too-long = { $field }: at most { $limit } characters
refusal-reason-needed = A reason is needed
refusal-not-on-a-call = No call; take one first
refusal-no-ringing-call = No call is ringing
refusal-same-key-other-body = This key was used for something else; nothing was filed twice
refusal-in-flight = The last one is still being handled; wait a moment
refusal-too-many = Too fast; try again in { $seconds } s
refusal-nothing-pinned = Pin an answer first (alt-1…9), then answer directly
refusal-nothing-selected = Select a row first

# 出错 errors: something broke
error-unreachable = Cannot reach { $server }; trying again. What you typed is kept
error-login-failed = Login failed: { $why }
error-wrong-password = Wrong user or password
error-session-ended = Your login has ended; log in again. What you typed is kept
error-server = The server failed; tell the administrator: { $reference }
error-protocol = Cannot read the server’s reply; the versions may differ
error-unknown-key = { $key } does nothing here; ? shows the keys
error-keymap = { $count } faults in the keymap file; the built-in keys are used
error-theme = { $count } faults in the theme file; the built-in theme is used
error-file = Cannot read { $path }: { $why }
error-panic = The console stopped unexpectedly: { $why }
error-panic-draft = What was filed is safe; open it again to go on

# 终端 terminal
terminal-not-a-terminal = Standard output is not a terminal, so the console cannot open. Run it in a terminal, or use the commands, such as hotline ticket list
terminal-dumb = The terminal type is { $term }, which cannot show the console. Use another terminal, or set TERM=xterm-256color
terminal-failed = The terminal could not be opened: { $why }
terminal-too-small = { $columns }×{ $rows } is too small; { $needed_columns }×{ $needed_rows } is needed. Nothing is lost: make it larger
terminal-no-shell = There is no shell to go back to

# 帮助 help
help-title = Keys
help-close = { $key } close
help-five-keys = Five keys to begin with
which-key-title = after { $keys }
keymap-from = keymap: { $name }

# 时间 time
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun
yesterday = yd
seconds = { $count } s
minutes = { $count } min
undo-left = { $key } undo { $left } s

# 命令行 command line
unknown-language = No language “{ $asked }”; there are zh-CN and en
command-listening = Listening on { $address }
command-stopped = Stopped
command-demo = The sample city is ready, seed { $seed }
command-imported = { $done } imported, { $skipped } skipped, { $refused } refused
command-dry-run = Dry run; nothing was written
command-nothing = Nothing to show
command-more = There is more: --limit, or --after { $next }
command-check-good = All good
command-check-faults = { $count } faults
command-user-added = User { $user } added
command-due = Due { $date }
