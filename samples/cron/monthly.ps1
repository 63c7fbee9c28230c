# Started every morning by Task Scheduler: reads what is new in a folder, checks it, and mails
# the exceptions, but only when something changed or failed. Otherwise it sends nothing.
# Set what differs here, or as parameters. Name a share by its UNC path (\\server\share\inbox):
# a scheduled task has no drive letters. The exit code is kpi's; 75: the mail is not sent.
param(
    [string]$Project = 'C:\kpi',                       # the folder that holds indicators.toml
    [string]$Inbox = "$Project\inbox",                 # where the reports are put
    [string]$To = 'performance@example.gov.uk',        # who gets the exceptions, and the failures
    [string]$From = 'kpi@example.gov.uk',
    [string]$Server = 'smtp.example.gov.uk'            # takes mail from this machine
)

$ErrorActionPreference = 'Stop'                      # what is not there ends this with code 1
$mail = "$Project\kpi-mail.eml"
$said = "$Project\kpi-said.txt"
$scripts = "$Project\.venv\Scripts"
$env:PYTHONUTF8 = '1'

function Send-KpiMail { # A mail that cannot be sent stays, and is sent by the next run.
    if (-not (Test-Path -LiteralPath $mail)) { return $true }
    & "$scripts\python.exe" "$PSScriptRoot\send.py" $Server $mail | Out-Null
    if ($LASTEXITCODE -ne 0) { return $false }
    Remove-Item -LiteralPath $mail
    return $true
}

if (-not (Send-KpiMail)) { exit 75 }

$words = 'run', "`"$($Inbox.TrimEnd('\'))`"", '--catalogue', "`"$Project\indicators.toml`"",
    '--quiet', '--output', "`"$mail`"", '--to', "`"$To`"", '--from', "`"$From`""
$run = Start-Process -FilePath "$scripts\kpi.exe" -ArgumentList $words -Wait -PassThru `
    -NoNewWindow -RedirectStandardError $said
$code = $run.ExitCode

# Where kpi got as far as writing a mail, the failure stands in it already.
if ($code -ne 0 -and -not (Test-Path -LiteralPath $mail)) {
    $lines = "To: $To", "From: $From", "Subject: kpi could not do its work (exit code $code)",
        'Auto-Submitted: auto-generated', 'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '',
        [IO.File]::ReadAllText($said)
    [IO.File]::WriteAllText($mail, ($lines -join "`r`n"))
}

if (-not (Send-KpiMail) -and $code -eq 0) { $code = 75 }
exit $code
