"""How the interface shows errors, and what it does with bugs."""

from app.ui.errors.crash_dialog import CrashDialog
from app.ui.errors.fault_log import FaultLog
from app.ui.errors.hooks import ErrorHooks, log_qt_message
from app.ui.errors.message_bar import MessageAction, MessageBar
from app.ui.errors.report import CrashReport, environment_facts, make_report
from app.ui.errors.show import error_kind, error_sentence, show_error

__all__ = [
    "CrashDialog",
    "CrashReport",
    "ErrorHooks",
    "FaultLog",
    "MessageAction",
    "MessageBar",
    "environment_facts",
    "error_kind",
    "error_sentence",
    "log_qt_message",
    "make_report",
    "show_error",
]
