using System.Text;
using Cdr.Support.Mail.Inbox;

namespace Cdr.Support.Tests.Mail;

/// <summary>Messages as programs write them, and as somebody writes them who means harm.</summary>
public sealed class IncomingMailTests
{
    private const string Inbox = "reponses@cdr.example";
    private static readonly string Token = new('a', ReplyAddress.Length);
    private static readonly string Head = $"From: Claire <claire@chu.example>\r\nTo: reponses+{Token}@cdr.example\r\nMessage-ID: <1@chu.example>\r\nMIME-Version: 1.0\r\n";

    [Fact]
    public void What_somebody_wrote_is_read_with_its_files()
    {
        var read = Reply(Head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nVoilà.\r\n--b\r\nContent-Type: image/png; name=ecran.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\n\r\nDedans.\r\n--b--\r\n");
        Assert.Equal((Token, "claire@chu.example", "1@chu.example", "Voilà."), (read.Token, read.From, read.Key, read.Text));
        Assert.Equal("ecran.png", Assert.Single(read.Files).Name);
        Assert.Equal(4, read.Files[0].Bytes.Length);
        Assert.Equal(1, read.Left);
    }

    [Fact]
    public void The_address_is_found_whatever_its_case_and_wherever_servers_put_it()
    {
        Assert.Equal(Token, Reply(Head.Replace($"reponses+{Token}", $"REPONSES+{Token.ToUpperInvariant()}", StringComparison.Ordinal) + "\r\nOui.").Token);
        Assert.Equal(Token, Reply(Head.Replace("To: ", "Delivered-To: ", StringComparison.Ordinal) + "To: hotline@cdr.example\r\n\r\nOui.").Token);
        Assert.Equal(Token, Reply(Head.Replace("To: ", "To: autre@cdr.example\r\nCc: X <y@cdr.example>, ", StringComparison.Ordinal) + "\r\nOui.").Token);
    }

    [Fact]
    public void A_page_alone_is_read_as_text_without_its_scripts()
    {
        var read = Reply(Head + "Content-Type: text/html; charset=utf-8\r\n\r\n<html><head><title>non</title><style>p{}</style></head><body><p>Le lecteur&nbsp;marche &amp; c'est bien.</p><script>alert('non')</script><img src=x onerror=non>"
            + "<div>Deuxième ligne</div><blockquote><p>non, ce qui est cité</p></blockquote></body></html>");
        Assert.Equal("Le lecteur marche & c'est bien.\nDeuxième ligne", read.Text);
    }

    [Fact]
    public void A_page_without_the_end_of_its_head_is_read() =>
        Assert.Equal("Oui.", Reply(Head + "Content-Type: text/html; charset=utf-8\r\n\r\n<html><head><meta charset=utf-8><body>Oui.</body></html>").Text);

    [Theory]
    [InlineData("charset=iso-8859-1", "Caf\u00e9")]
    [InlineData("charset=windows-1252", "Caf\u00e9")]
    [InlineData("charset=no-such-charset", "Caf\u00e9")]
    public void A_charset_is_believed_and_a_wrong_one_stops_nothing(string charset, string text) =>
        Assert.Equal(text, Reply([.. Encoding.ASCII.GetBytes(Head + $"Content-Type: text/plain; {charset}\r\n\r\n"), .. Encoding.Latin1.GetBytes("Caf\u00e9\r\n")]).Text);

    [Theory]
    [InlineData("Auto-Submitted: auto-replied")]
    [InlineData("Auto-Submitted: Auto-Generated")]
    [InlineData("Precedence: bulk")]
    [InlineData("X-Autoreply: yes")]
    [InlineData("Return-Path: <>")]
    [InlineData("List-Id: <liste.example>")]
    [InlineData("Content-Type: multipart/report; report-type=delivery-status; boundary=b")]
    public void What_a_program_answers_is_known_as_such(string header) => Assert.IsType<IncomingMail.Automatic>(Read(Head + header + "\r\n\r\nJe suis absente."));

    [Fact]
    public void A_bounce_is_known_by_who_sends_it() => Assert.IsType<IncomingMail.Automatic>(Read(Head.Replace("claire@chu.example", "MAILER-DAEMON@chu.example", StringComparison.Ordinal) + "\r\nUndelivered."));

    [Fact]
    public void What_was_said_by_a_person_is_no_programs() => Assert.IsType<IncomingMail.Reply>(Read(Head + "Auto-Submitted: no\r\n\r\nOui."));

    [Fact]
    public void Without_a_token_or_a_sender_it_is_strange()
    {
        Assert.Equal("no-token", Strange(Head.Replace("+" + Token, "", StringComparison.Ordinal) + "\r\nOui."));
        Assert.Equal("no-token", Strange(Head.Replace(Token, Token[1..], StringComparison.Ordinal) + "\r\nOui."));
        Assert.Equal("no-sender", Strange(Head.Replace("From: Claire <claire@chu.example>\r\n", "", StringComparison.Ordinal) + "\r\nOui."));
        Assert.Equal("no-sender", Strange(Head.Replace("From: Claire <claire@chu.example>", "From: a@b.example, c@d.example", StringComparison.Ordinal) + "\r\nOui."));
    }

    [Fact]
    public void Parts_in_parts_and_parts_without_number_are_not_followed()
    {
        var deep = new StringBuilder(Head);
        for (var depth = 0; depth < 3_000; depth++)
            deep.Append(System.Globalization.CultureInfo.InvariantCulture, $"Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n");
        var read = Read(deep + "Content-Type: text/plain\r\n\r\nAu fond.\r\n");
        Assert.True(read is IncomingMail.Strange or IncomingMail.Reply { Files.Count: 0 }, read.ToString());

        var wide = new StringBuilder(Head).Append("Content-Type: multipart/mixed; boundary=b\r\n\r\n");
        for (var part = 0; part < 900; part++)
            wide.Append("--b\r\nContent-Type: image/png; name=x.png\r\n\r\nx\r\n");
        Assert.Equal("too-many-parts", Strange(wide.ToString()));
    }

    [Fact]
    public void What_is_too_large_or_too_long_is_not_read()
    {
        Assert.Equal("too-large", ((IncomingMail.Strange)IncomingMailReading.Read(new byte[IncomingMailReading.MostBytes + 1], Inbox)).Reason);
        Assert.Equal("too-long", Strange(Head + "\r\n" + string.Concat(Enumerable.Repeat("mot mot mot mot mot mot\r\n", 50_000))));
    }

    [Fact]
    public void No_bytes_at_all_end_it()
    {
        var random = new Random(7);
        var whole = Encoding.UTF8.GetBytes(Head + "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-7\r\nContent-Transfer-Encoding: base64\r\n\r\nT3Vp\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Ou=C3=\r\n--b--\r\n");
        Assert.IsType<IncomingMail.Strange>(IncomingMailReading.Read([], Inbox));
        for (var round = 0; round < 3_000; round++)
        {
            var bytes = (byte[])whole.Clone();
            for (var change = 0; change < 1 + round % 20; change++)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            // It is one of three, whatever it is.
            Assert.NotNull(IncomingMailReading.Read(bytes[..random.Next(1, bytes.Length)], Inbox));
        }
    }

    [Theory]
    [InlineData("--b\r\n\r\nx\r\n", "Content-Type: multipart/mixed; boundary=b\r\n\r\n")]
    [InlineData("a:\r\n", "")]
    public void Twelve_megabytes_of_next_to_nothing_are_not_made_into_anything(string again, string heading)
    {
        var raw = Encoding.ASCII.GetBytes(Head + heading + string.Concat(Enumerable.Repeat(again, (IncomingMailReading.MostBytes - 10_000) / again.Length)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("too-many-parts", Assert.IsType<IncomingMail.Strange>(IncomingMailReading.Read(raw, Inbox)).Reason);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_picture_that_was_pasted_is_a_file()
    {
        var picture = Convert.ToBase64String(new byte[200_000], Base64FormattingOptions.InsertLineBreaks);
        var read = Reply(Head + "Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Voici la copie.</p><img src=\"cid:image001\">\r\n--b\r\nContent-Type: image/png; name=image001.png\r\nContent-ID: <image001>\r\nContent-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\n" + picture + "\r\n--b--\r\n");
        Assert.Equal(("Voici la copie.", 200_000, 0), (read.Text, Assert.Single(read.Files).Bytes.Length, read.Left));
    }

    [Fact]
    public void What_is_said_below_a_picture_and_in_a_page_beside_an_empty_text_is_read()
    {
        var around = Reply(Head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nAvant.\r\n--b\r\nContent-Type: image/png; name=ecran.png\r\n\r\nx\r\n--b\r\nContent-Type: text/plain\r\n\r\nAprès.\r\n--b--\r\n");
        Assert.Equal("Avant.\n\nAprès.", around.Text.ReplaceLineEndings("\n"));
        Assert.Single(around.Files);
        Assert.Equal("Oui.", Reply(Head + "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n \r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Oui.</p>\r\n--b--\r\n").Text);
    }

    [Fact]
    public void A_logo_of_a_signature_is_no_file()
    {
        var read = Reply(Head + "Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Oui.</p><img src=\"cid:logo\">\r\n--b\r\nContent-Type: image/png; name=logo.png\r\nContent-ID: <logo>\r\nContent-Disposition: inline\r\n\r\nx\r\n--b--\r\n");
        Assert.Equal(("Oui.", 0, 0), (read.Text, read.Files.Count, read.Left));
    }

    private static IncomingMail Read(string message) => IncomingMailReading.Read(Encoding.UTF8.GetBytes(message), Inbox);

    private static IncomingMail.Reply Reply(string message) => Assert.IsType<IncomingMail.Reply>(Read(message));

    private static IncomingMail.Reply Reply(byte[] message) => Assert.IsType<IncomingMail.Reply>(IncomingMailReading.Read(message, Inbox));

    private static string Strange(string message) => Assert.IsType<IncomingMail.Strange>(Read(message)).Reason;
}
