using System.Globalization;
using System.Net;
using System.Text;
using Cdr.Support.Mail.Inbox;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Cdr.Support.Mail;

/// <summary>What a message says: a number, what happened, and where to read it. No words of a ticket, nobody's name.</summary>
internal sealed class MailWords(IOptions<MailOptions> mail, IOptions<InboxOptions> inbox, MailBook book, ReplyAddress replies)
{
    private const int MostLines = 50;
    private readonly MailOptions options = mail.Value;

    /// <summary>About one ticket.</summary>
    public MimeMessage About(MailRow mail, MailReader to, (Guid First, Guid Last)? before)
    {
        var message = Make(mail.Id, to, mail.Recipient, $"Demande {Number(mail.Number)}\u00a0: {Happened(mail.Event)}", [(Sentence(mail, ""), Link(mail))], to.MayAnswer && inbox.Value.IsOn ? replies.Of(inbox.Value.Address!, mail.Id) : null);
        if (before is { } thread)
        {
            message.InReplyTo = Id(thread.Last);
            foreach (var one in new[] { thread.First, thread.Last }.Distinct())
                message.References.Add(Id(one));
        }

        return message;
    }

    /// <summary>Something announced: its title too, for what everybody reads names nobody.</summary>
    public MimeMessage News(MailRow mail, string title, MailReader to)
    {
        var sentence = Sentence(mail, title);
        return Make(mail.Id, to, mail.Recipient, sentence, [(sentence, Link(mail))]);
    }

    /// <summary>About several, the oldest first.</summary>
    /// <param name="id">Of the message.</param>
    /// <param name="mails">With the title of what was announced.</param>
    /// <param name="to">Where they read.</param>
    public MimeMessage Digest(Guid id, IReadOnlyList<(MailRow Row, string Title)> mails, MailReader to)
    {
        var lines = mails.Take(MostLines).Select(mail => (Sentence(mail.Row, mail.Title), Link(mail.Row))).ToList();
        if (mails.Count > MostLines)
            lines.Add(($"… et {mails.Count - MostLines} autres.", $"{Portal}/avis"));
        var (tickets, news) = (mails.Select(mail => mail.Row.Ticket).Where(ticket => ticket is not null).Distinct().Count(), mails.Count(mail => mail.Row.Announcement is not null));
        var subject = (tickets, news) switch
        {
            (1, 0) => $"Demande {Number(mails[0].Row.Number)}\u00a0: votre résumé",
            (_, 0) => $"Votre résumé\u00a0: {Several(tickets, "demande")}",
            (0, 1) => lines[0].Item1,
            (0, _) => $"Votre résumé\u00a0: {Several(news, "information")}",
            _ => $"Votre résumé\u00a0: {Several(tickets, "demande")}, {Several(news, "information")}",
        };
        return Make(id, to, mails[0].Row.Recipient, subject, lines);
    }

    /// <summary>To prove that somebody reads there.</summary>
    public MimeMessage Code(MailRow mail, string address, string code) =>
        Make(mail.Id, new MailReader(address, null, false), mail.Recipient, "Votre code de confirmation", [($"Votre code\u00a0: {code[..4]} {code[4..]}. Il vaut trente minutes. Si vous n'avez rien demandé, ne faites rien.", $"{Portal}/avis/courriel")]);

    internal static string Happened(string what) => what switch
    {
        "open" => "ouverte",
        "send" => "envoyée à la hotline",
        "take" => "prise en charge",
        "assign" => "attribuée",
        "reply" => "nouvelle réponse",
        "ask" => "la hotline vous pose une question",
        "transfer" => "transférée à l'organisme",
        "pointTo" => "transférée à un autre organisme",
        "answer" => "l'organisme a répondu",
        "giveBack" => "rendue par l'organisme",
        "solve" => "résolue, à confirmer",
        "close" => "close",
        "withdraw" => "retirée, avec sa raison",
        "retype" => "d'une autre nature",
        "compare" => "complétée d'une réponse ultérieure",
        "reopen" => "rouverte",
        "merge" => "réunie à une autre",
        "attach" => "un fichier a été joint",
        "abandon" => "abandonnée",
        "clockWarning" => "l'échéance approche",
        "clockMissed" => "l'échéance est dépassée",
        "incidentResolved" => "l'incident est résolu",
        "mailRefusedNotYours" => "votre réponse n'a pas été ajoutée. Elle ne vient pas de votre adresse confirmée",
        "mailRefusedEmpty" => "votre réponse n'a pas été ajoutée. Elle ne contient rien d'autre que ce qu'elle cite",
        "mailRefusedTooLong" => "votre réponse n'a pas été ajoutée. Elle a plus de 20 000 caractères",
        "mailRefusedNotNow" => "votre réponse n'a pas été ajoutée. La demande ne prend plus de réponse dans son état actuel",
        _ => "mise à jour",
    };

    private string Portal => options.Portal!.TrimEnd('/');

    private static string Sentence(MailRow mail, string title) => mail.Event switch
    {
        _ when mail.Announcement is null => $"Demande {Number(mail.Number)}\u00a0: {Happened(mail.Event)}.",
        "downtime" => $"Interruption\u00a0: {OneLine(title)}",
        "guide" => $"Guide\u00a0: {OneLine(title)}",
        _ => $"Actualité\u00a0: {OneLine(title)}",
    };

    private static string OneLine(string text) => string.Concat(text.Select(one => char.IsControl(one) ? ' ' : one));

    private static string Several(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static string Number(string number) => string.Create(CultureInfo.InvariantCulture, $"{number[..3]}\u00a0{number[3..6]}\u00a0{number[6..]}");

    private string Link(MailRow mail) => mail.Announcement is null ? $"{Portal}/demandes/{mail.Ticket}" : $"{Portal}/informations";

    private string Id(Guid mail) => $"{mail:N}@{options.Domain}";

    private MimeMessage Make(Guid id, MailReader to, string recipient, string subject, IReadOnlyList<(string Sentence, string Link)> lines, string? replyTo = null)
    {
        var isTeam = to.Leaving is null && (recipient == Tickets.Actor.HotlineRecipient || recipient.StartsWith(MailBook.OrganismPrefix, StringComparison.Ordinal));
        var end = isTeam
            ? "Ce message est envoyé à votre équipe par le service CDR. Il ne contient aucune donnée de patient. Personne ne lit de réponse\u00a0: répondez dans le portail."
            : replyTo is not null
            ? "Ce message ne contient aucune donnée de patient. Vous pouvez répondre à ce message\u00a0: votre réponse sera ajoutée à la demande, visible de tous ceux qui la suivent. Vos réglages sont dans le portail\u00a0: Mes notifications."
            : "Ce message ne contient aucune donnée de patient. Personne ne lit de réponse\u00a0: répondez dans le portail. Vos réglages y sont aussi\u00a0: Mes notifications.";
        var plain = new StringBuilder();
        var html = new StringBuilder("<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>").Append(WebUtility.HtmlEncode(subject)).Append("</title></head><body style=\"font-family:sans-serif\">");
        if (replyTo is not null)
        {
            plain.Append("— ").Append(OwnWords.Marker).Append(" —\r\n\r\n");
            html.Append("<p><small>— ").Append(OwnWords.Marker).Append(" —</small></p>");
        }

        foreach (var (sentence, link) in lines)
        {
            plain.Append(sentence).Append("\r\n").Append(link).Append("\r\n\r\n");
            html.Append("<p>").Append(WebUtility.HtmlEncode(sentence)).Append("<br><a href=\"").Append(WebUtility.HtmlEncode(link)).Append("\">Lire dans le portail</a></p>");
        }

        plain.Append("-- \r\n").Append(end).Append("\r\n");
        html.Append("<p><small>").Append(WebUtility.HtmlEncode(end)).Append("</small></p></body></html>");
        var message = new MimeMessage([options.Sender], [MailboxAddress.Parse(to.Address)], subject, new BodyBuilder { TextBody = plain.ToString(), HtmlBody = html.ToString() }.ToMessageBody()) { MessageId = Id(id) };
        // Nobody's absence answers it (RFC 3834), and no list server takes it for one.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("X-Auto-Response-Suppress", "All");
        if (replyTo is not null)
            message.ReplyTo.Add(new MailboxAddress(options.Sender.Name, replyTo));
        if (to.Leaving is { } row)
        {
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{Portal}/api/support/mail/unsubscriptions/{book.LeavingToken(row)}>");
            message.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }

        return message;
    }
}
