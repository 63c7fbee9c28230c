#!/bin/sh
# Started every morning by cron: reads what is new in a folder, checks it, and mails the
# exceptions, but only when something changed or failed. Otherwise it says and sends nothing.
# Set what differs here, or in the crontab. The exit code is kpi's; 75: the mail is not sent.
set -u

: "${KPI_PROJECT:=/srv/kpi}"                  # the folder that holds indicators.toml
: "${KPI_INBOX:=$KPI_PROJECT/inbox}"          # where the reports are put
: "${KPI_TO:=performance@example.gov.uk}"     # who gets the exceptions, and the failures
: "${KPI_FROM:=kpi@example.gov.uk}"
: "${KPI:=$KPI_PROJECT/.venv/bin/kpi}"
: "${SENDMAIL:=/usr/sbin/sendmail}"

mail=$KPI_PROJECT/kpi-mail.eml

send() { # A mail that cannot be sent stays, and is sent by the next run.
    [ -s "$mail" ] || return 0
    if "$SENDMAIL" -t -oi <"$mail"; then rm -f "$mail"; return; fi
    echo "error: $mail could not be sent; the next run tries again" >&2
    return 1
}

send || exit 75

said=$("$KPI" run "$KPI_INBOX" --catalogue "$KPI_PROJECT/indicators.toml" --quiet \
    --output "$mail" --to "$KPI_TO" --from "$KPI_FROM" 2>&1)
code=$?

if [ "$code" -ne 0 ]; then
    printf '%s\n' "$said" >&2
    # Where kpi got as far as writing a mail, the failure stands in it already.
    [ -s "$mail" ] || printf '%s\n' "To: $KPI_TO" "From: $KPI_FROM" \
        "Subject: kpi could not do its work (exit code $code)" "Auto-Submitted: auto-generated" \
        "MIME-Version: 1.0" "Content-Type: text/plain; charset=utf-8" \
        "Content-Transfer-Encoding: 8bit" "" "$said" >"$mail"
fi

send || [ "$code" -ne 0 ] || code=75
exit "$code"
