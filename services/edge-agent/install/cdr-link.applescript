-- Receives the cdr: links of the sign-in page: macOS hands a link to an application as an Apple event, and never in its arguments.
-- cdr-link.sh makes the application of it. Not run yet on a Mac.
on open location link
	-- A page chose the link: quoted for the shell, and refused by the agent where it is not one of its own. Not waited for: where no agent
	-- runs, this one stays as long as the session.
	do shell script "/usr/local/bin/cdr-agent open " & quoted form of link & " >/dev/null 2>&1 &"
end open location
