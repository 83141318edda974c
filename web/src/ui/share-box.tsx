import { QrCode, Share2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { strings } from "../strings";
import { base64url } from "./base64url";
import { IconButton } from "./button";
import { CopyField } from "./copy-field";
import { Dialog } from "./dialog";

interface Props {
  /** Describes the link, for the field and the QR code. */
  label: string;
  url: string;
  /** The URL of the QR code, if it is not the default one. */
  qrUrl?: string;
  /** For the share sheet of the device. */
  shareTitle: string;
  shareText: string;
  /** More buttons. */
  children?: ReactNode;
}

/** A link to pass on: to copy, to scan as a QR code, or to share. */
export function ShareBox({ label, url, qrUrl, shareTitle, shareText, children }: Props) {
  const [isQrOpen, setIsQrOpen] = useState(false);
  const share = () =>
    // Dismissing the share sheet is not an error.
    navigator.share({ title: shareTitle, text: shareText, url }).catch(() => undefined);
  return (
    <div className="share-box">
      <CopyField label={label} value={url} />
      <div className="share-box__buttons">
        <IconButton
          label={strings.panel.showQr}
          aria-haspopup="dialog"
          onClick={() => setIsQrOpen(true)}
        >
          <QrCode aria-hidden="true" />
        </IconButton>
        {"share" in navigator && (
          <IconButton label={strings.panel.share} onClick={share}>
            <Share2 aria-hidden="true" />
          </IconButton>
        )}
        {children}
      </div>
      {isQrOpen && (
        <Dialog title={label} className="dialog--question" onClose={() => setIsQrOpen(false)}>
          <img
            className="share-box__qr"
            src={qrUrl ?? `/qr_code/${base64url(url)}`}
            alt={strings.panel.qrOf(url)}
          />
        </Dialog>
      )}
    </div>
  );
}
