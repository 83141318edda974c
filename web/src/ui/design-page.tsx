import "../styles/parts/design.css";
import { Bell, KeyRound, Mail, MessagesSquare, Trash2, UserRound } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Avatar } from "./avatar";
import { Button, IconButton, LoadingDots } from "./button";
import { Confirm } from "./confirm";
import { CopyField } from "./copy-field";
import { Dialog } from "./dialog";
import { Field } from "./field";
import { FilterField } from "./filter-field";
import { Logo } from "./logo";
import { Notice } from "./notice";
import { Panel } from "./panel";
import { type Pill, PillField } from "./pill-field";
import { ProblemText } from "./problem-text";
import { Loading } from "./query-boundary";
import { ShareBox } from "./share-box";
import { Switch } from "./switch";
import { TextArea } from "./text-area";
import { ToastProvider, useToast } from "./toasts";

/**
 * `/_design`, in development builds only: every component of `ui/` in all its states, in the color
 * scheme of the system.
 */
export default function DesignPage() {
  return (
    <ToastProvider>
      <main className="design" id="main-content">
        <h1 className="design__title">Parts</h1>
        <Example name="Colors">
          <Colors />
        </Example>
        <Example name="Buttons: plain, reversed, negative; busy; disabled">
          <Row>
            <Button>Plain</Button>
            <Button look="reversed">Reversed</Button>
            <Button look="negative">
              <Trash2 aria-hidden="true" />
              Negative
            </Button>
          </Row>
          <Row>
            <Button busy>Busy</Button>
            <Button look="reversed" busy>
              Busy
            </Button>
            <Button disabled>Disabled</Button>
          </Row>
          <Row>
            <IconButton label="Plain">
              <Bell />
            </IconButton>
            <IconButton label="Reversed" look="reversed">
              <Bell />
            </IconButton>
            <IconButton label="Negative" look="negative">
              <Trash2 />
            </IconButton>
            <IconButton label="Disabled" look="reversed" disabled>
              <Bell />
            </IconButton>
            <LoadingDots />
          </Row>
        </Example>
        <Example name="Fields: with icon, hint, error; area with counter; filter">
          <Field label="Name" icon={<UserRound />} defaultValue="Ada Lovelace" />
          <Field
            label="Password"
            type="password"
            icon={<KeyRound />}
            hint="At least 8 characters"
          />
          <Field
            label="Email address"
            icon={<Mail />}
            defaultValue="ada"
            error="That is no address."
          />
          <TextArea label="Bio" maxLength={200} defaultValue="Numbers, engines, poems." />
          <TextArea label="Bio" maxLength={20} defaultValue="Hardly any room" error="Say less." />
          <FilterField label="Filter…" value="" onChange={() => {}} />
        </Example>
        <Example name="Switches: off, on, with a hint, disabled">
          <Switches />
        </Example>
        <Example name="Pills">
          <Pills />
        </Example>
        <Example name="Links to pass on">
          <CopyField label="Link" value="https://chat.example/rooms/1/@42" />
          <ShareBox
            label="Join link"
            url="https://chat.example/join/abcd-efgh-ijkl"
            shareTitle="Join"
            shareText="Join us"
          />
        </Example>
        <Example name="Dialogs, questions, notes">
          <Overlays />
        </Example>
        <Example name="Problems and waiting">
          <ProblemText error={new Error("never shown")} />
          <Loading />
        </Example>
        <Example name="Notice">
          <Notice
            icon={<MessagesSquare />}
            title="No rooms yet"
            action={<Button>Do something</Button>}
          >
            When someone adds you to a room, it shows up here.
          </Notice>
        </Example>
        <Example name="Pictures">
          <Row>
            <Avatar initials="AL" color="#BF7C2A" />
            <Avatar initials="ZdlC" color="#698F9C" />
            <Logo />
          </Row>
        </Example>
      </main>
    </ToastProvider>
  );
}

function Example({ name, children }: { name: string; children: ReactNode }) {
  return <Panel title={name}>{children}</Panel>;
}

function Row({ children }: { children: ReactNode }) {
  return <div className="design__row">{children}</div>;
}

const colors = [
  "text",
  "background",
  "raised",
  "gray",
  "gray-dark",
  "gray-darker",
  "quiet",
  "blue",
  "blue-light",
  "blue-dark",
  "red",
  "green",
  "orange",
  "link",
];

function Colors() {
  return (
    <ul className="design__colors">
      {colors.map((name) => (
        <li key={name} className="design__color">
          <span className="design__swatch" style={{ background: `var(--color-${name})` }} />
          --color-{name}
        </li>
      ))}
    </ul>
  );
}

function Switches() {
  const [isOn, setIsOn] = useState(true);
  return (
    <>
      <Switch checked={isOn} onChange={() => setIsOn(!isOn)}>
        On or off
      </Switch>
      <Switch checked={!isOn} hint="What it means, in a sentence." onChange={() => setIsOn(!isOn)}>
        The other way round
      </Switch>
      <Switch checked disabled readOnly>
        Cannot be changed
      </Switch>
    </>
  );
}

const people: readonly Pill[] = ["Ada", "Bo", "Cleo"].map((label, index) => ({
  id: index + 1,
  label,
  picture: <Avatar initials={label.slice(0, 1)} color="#5D618F" />,
}));

function Pills() {
  const [chosen, setChosen] = useState<readonly Pill[]>(people.slice(0, 1));
  const [query, setQuery] = useState("");
  return (
    <PillField
      label="People"
      placeholder="Type names…"
      chosen={chosen}
      suggestions={people.filter(
        ({ id, label }) =>
          !chosen.some((pill) => pill.id === id) &&
          label.toLowerCase().includes(query.toLowerCase()),
      )}
      query={query}
      onQuery={setQuery}
      onAdd={(pill) => setChosen([...chosen, pill])}
      onRemove={(pill) => setChosen(chosen.filter(({ id }) => id !== pill.id))}
      chosenLabel="Chosen"
      suggestionsLabel="Suggestions"
      removeLabel={(label) => `Remove ${label}`}
    />
  );
}

function Overlays() {
  const [open, setOpen] = useState<"dialog" | "question" | null>(null);
  const toast = useToast();
  const close = () => setOpen(null);
  return (
    <Row>
      <Button onClick={() => setOpen("dialog")}>Dialog</Button>
      <Button onClick={() => setOpen("question")}>Question</Button>
      <Button onClick={() => toast({ text: "Saved." })}>Note</Button>
      <Button onClick={() => toast({ text: "Deleted.", action: { label: "Undo", run: () => {} } })}>
        Note with undo
      </Button>
      <Button onClick={() => toast({ text: "That didn’t work.", tone: "problem" })}>Problem</Button>
      {open === "dialog" && (
        <Dialog title="A dialog" onClose={close}>
          <p>Esc, the cross, or a press beside it closes it.</p>
        </Dialog>
      )}
      {open === "question" && (
        <Confirm
          title="Delete this?"
          text="It is lost for good."
          action="Delete"
          onConfirm={async () => close()}
          onCancel={close}
        />
      )}
    </Row>
  );
}
