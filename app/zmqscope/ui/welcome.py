"""What the centre of the window shows while there are no sockets: how to begin. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from zmqscope.models.format import one_line
from zmqscope.ui.settings import Settings
from zmqscope.ui.theme import Theme

_WIDTH_PX = 520
_SHOWN_RECENT = 4
_EXAMPLES = (
    "sub:tcp://localhost:5556,topic=EUR",
    "push:@tcp://*:5557,sndhwm=1000",
    "dealer:tcp://a:1,tcp://b:2",
)


class WelcomeView(QScrollArea):
    """Three ways to begin, and what a socket looks like as text.

    Args:
        theme: Colours, fonts, icons.
        settings: The sockets opened lately.
    """

    new_socket_requested = Signal()
    """The user wants to open a socket."""
    demo_requested = Signal()
    """The user wants to see the demo."""
    spec_requested = Signal(str)
    """The socket spec of a recent socket that the user wants again."""

    def __init__(self, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self._theme = theme
        self._settings = settings
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Welcome"))
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        self.setWidget(self._make_page())
        self._fill_recent()
        settings.changed.connect(self.on_settings_changed)

    def _make_page(self) -> QWidget:
        page = QWidget()
        around = QGridLayout(page)
        around.setContentsMargins(16, 16, 16, 16)
        column = QWidget()
        column.setMaximumWidth(_WIDTH_PX)
        column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        around.addWidget(column, 1, 1)
        for edge in (0, 2):
            around.setRowStretch(edge, 1)
            around.setColumnStretch(edge, 1)
        around.setColumnStretch(1, 1000)
        rows = QVBoxLayout(column)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        self._add_heading(rows)
        self._add_choices(rows)
        rows.addSpacing(8)
        rows.addWidget(self._section(self.tr("Recent sockets")))
        rows.addLayout(self._recent)
        rows.addSpacing(8)
        rows.addWidget(self._section(self.tr("A socket as text: TYPE:ENDPOINT, @ to bind")))
        rows.addWidget(self._make_examples())
        return page

    def _add_heading(self, rows: QVBoxLayout) -> None:
        title = QLabel("ZMQ Scope")
        title.setFont(self._theme.ui_font(QFont.Weight.DemiBold, 20.0))
        words = QLabel(self.tr("See ZeroMQ traffic as it happens. Open a socket to begin."))
        words.setProperty("tone", "muted")
        words.setWordWrap(True)
        rows.addWidget(title)
        rows.addWidget(words)
        rows.addSpacing(6)

    def _add_choices(self, rows: QVBoxLayout) -> None:
        new = ChoiceButton(
            self._theme,
            "plus",
            self.tr("New socket"),
            self.tr("Any socket type, bound or connected"),
            "Ctrl+N",
        )
        new.clicked.connect(self.new_socket_requested)
        demo = ChoiceButton(
            self._theme,
            "play",
            self.tr("Open the demo"),
            self.tr("Market data, a service and a pipeline, with real peers on this machine"),
            "",
        )
        demo.clicked.connect(self.demo_requested)
        rows.addWidget(new)
        rows.addWidget(demo)

    def _section(self, words: str) -> QLabel:
        label = QLabel(words)
        label.setProperty("tone", "muted")
        label.setFont(self._theme.ui_font(QFont.Weight.DemiBold, 11.5))
        return label

    def _make_examples(self) -> QLabel:
        label = QLabel("\n".join(_EXAMPLES))
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setFont(self._theme.data_font())
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setProperty("kind", "sunk")
        label.setWordWrap(True)
        label.setAccessibleName(self.tr("Examples of sockets as text"))
        return label

    @Slot(str)
    def on_settings_changed(self, name: str) -> None:
        """Another socket was opened."""
        if name == "recent_specs":
            self._fill_recent()

    @Slot()
    def on_recent_clicked(self) -> None:
        """A recent socket was chosen."""
        button = self.sender()
        if isinstance(button, SpecButton):
            self.spec_requested.emit(button.spec)

    def _fill_recent(self) -> None:
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        specs = self._settings.recent_specs[:_SHOWN_RECENT]
        for spec in specs:
            button = SpecButton(self._theme, spec)
            button.clicked.connect(self.on_recent_clicked)
            self._recent.addWidget(button)
        if not specs:
            label = QLabel(self.tr("Sockets that you open are listed here, to be opened again."))
            label.setProperty("tone", "muted")
            label.setWordWrap(True)
            self._recent.addWidget(label)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 120)


class ChoiceButton(QPushButton):
    """A wide button: icon, what it does, a line that explains it, its shortcut.

    Args:
        theme: Fonts and icons.
        icon: An icon of the set.
        title: What it does.
        words: One line that explains it.
        shortcut: Its shortcut, or empty.
    """

    def __init__(self, theme: Theme, icon: str, title: str, words: str, shortcut: str) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon
        self.setProperty("kind", "choice")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self.setToolTip(f"{words} ({shortcut})" if shortcut else words)
        self._picture = QLabel()
        self._picture.setFixedWidth(20)
        name = QLabel(title)
        name.setFont(theme.ui_font(QFont.Weight.DemiBold, 13.0))
        explanation = QLabel(words)
        explanation.setProperty("tone", "muted")
        explanation.setWordWrap(True)
        keys = QLabel(shortcut)
        keys.setProperty("tone", "muted")
        keys.setFont(theme.data_font(size_px=11.0))
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(name)
        texts.addWidget(explanation)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(12)
        row.addWidget(self._picture)
        row.addLayout(texts, 1)
        row.addWidget(keys)
        for label in (self._picture, name, explanation, keys):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self.on_theme_changed)
        self.on_theme_changed()

    @Slot()
    def on_theme_changed(self) -> None:
        """Draw the icon in the new colours."""
        self._picture.setPixmap(self._theme.icon(self._icon_name, "accent").pixmap(18, 18))

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(200, super().minimumSizeHint().height())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.heightForWidth(width) if layout is not None else -1


class SpecButton(QPushButton):
    """A recent socket, as text in one line.

    Args:
        theme: Fonts.
        spec: The socket spec that it stands for.
    """

    def __init__(self, theme: Theme, spec: str) -> None:
        super().__init__()
        self.spec = spec
        self._words = one_line(spec)
        self.setProperty("kind", "entry")
        self.setFont(theme.data_font())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._words)
        self.setToolTip(self.tr("Open {spec}").format(spec=self._words))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        metrics = QFontMetricsF(self.font())
        shown = metrics.elidedText(self._words, Qt.TextElideMode.ElideMiddle, self.width() - 18)
        self.setText(shown.replace("&", "&&"))
