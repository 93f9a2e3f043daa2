using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Cdr.EndToEnd.Tests.Journeys;
using Cdr.Testing;
using Cdr.Testing.Platforms;

namespace Cdr.EndToEnd.Tests.Leaks;

/// <summary>
/// The ways out and in beside the interface: a clerk reads e-mail about their tickets and answers it, a group's program is told. What leaves
/// is searched; what lies unread in the mailbox is somebody's own letter, and what was set aside stays one.
/// </summary>
internal sealed partial class CanaryMail : IAsyncDisposable
{
    private const string Address = "accueil.nord@chu.example";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IPlatform platform;
    private readonly WebhookListener listener;
    private readonly Clerk manager;
    private readonly Guid webhook;
    private int dropped;

    private CanaryMail(IPlatform platform, WebhookListener listener, Clerk manager, Guid webhook) => (this.platform, this.listener, this.manager, this.webhook) = (platform, listener, manager, webhook);

    /// <summary>What programs were told.</summary>
    public IEnumerable<(string Place, byte[] Bytes)> Told => listener.Heard.Select(body => ("webhook", body));

    private string Sent => Path.Combine(platform.Folder, DistributedPlatform.MailFolder);

    private string Inbox => Path.Combine(platform.Folder, DistributedPlatform.InboxFolder);

    public static async Task<CanaryMail> OpenAsync(IPlatform platform, CancellationToken cancel)
    {
        var listener = await WebhookListener.StartAsync(cancel);
        var manager = await Clerk.SignInAsync(platform, "cpe-groupe", cancel);
        using var registered = await manager.Http.PostAsJsonAsync("api/support/webhooks", new { url = listener.Address }, cancel);
        Assert.True(registered.IsSuccessStatusCode, $"{(int)registered.StatusCode}");
        var webhook = (await registered.Content.ReadFromJsonAsync<JsonElement>(cancel)).GetProperty("webhook").GetProperty("id").GetGuid();
        var mail = new CanaryMail(platform, listener, manager, webhook);
        using var clerk = await Clerk.SignInAsync(platform, Clerk.Uncounted, cancel);
        await mail.ConfirmAsync(clerk.Http, cancel);
        return mail;
    }

    /// <summary>Once the hotline asked something: its author answers by e-mail, from an address whose owner is called as the canary.</summary>
    /// <returns>Whether the ticket has it.</returns>
    public async Task<bool> AnswerAsync(HttpClient asks, Guid ticket, CanaryPerson person, CancellationToken cancel)
    {
        string? token = null;
        await Deadline.UntilAsync("an e-mail of the ticket is sent", Patience, async () => (token = await TokenAsync(ticket, cancel)) is not null, cancel);
        var whom = $"{person.GivenName} {person.FamilyName}, {person.Spaced}";
        await DropAsync($"reponses+{token}@cdr.example", whom, $"Oui. {whom}", cancel);
        var path = new Uri($"api/support/tickets/{ticket}", UriKind.Relative);
        await Deadline.UntilAsync("the answer is in the ticket", Patience, async () => (await asks.GetStringAsync(path, cancel)).Contains("Oui. ", StringComparison.Ordinal), cancel);
        return true;
    }

    /// <summary>A letter to nobody.</summary>
    public async Task<bool> SetAsideAsync(CanaryPerson person, CancellationToken cancel)
    {
        var name = await DropAsync("reponses@cdr.example", $"{person.GivenName} {person.FamilyName}", $"Bonjour, mon numéro est le {person.Spaced}.", cancel);
        await Deadline.UntilAsync("it is set aside", Patience, () => Task.FromResult(File.Exists(Path.Combine(Inbox, "aside", name))), cancel);
        return true;
    }

    /// <summary>Of that ticket, whatever it was.</summary>
    public async Task<bool> IsToldAsync(Guid ticket, CancellationToken cancel)
    {
        await Deadline.UntilAsync("the program is told", Patience, () => Task.FromResult(listener.Heard.Any(body => Encoding.UTF8.GetString(body).Contains(ticket.ToString(), StringComparison.Ordinal))), cancel);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        // The platform is other tests' too: its group has ten programs at most. Its token may be over by now.
        using var again = await Clerk.SignInAsync(platform, "cpe-groupe", CancellationToken.None);
        using var removed = await again.Http.DeleteAsync(new Uri($"api/support/webhooks/{webhook}", UriKind.Relative));
        manager.Dispose();
        await listener.DisposeAsync();
    }

    private async Task ConfirmAsync(HttpClient http, CancellationToken cancel)
    {
        var before = Known();
        using var chosen = await http.PutAsJsonAsync("api/support/mail", new { words = "atOnce", progress = "never", clocks = "never", digestHour = 8 }, cancel);
        using var given = await http.PutAsJsonAsync("api/support/mail/address", new { address = Address }, cancel);
        Assert.True(chosen.IsSuccessStatusCode && given.IsSuccessStatusCode, $"{(int)chosen.StatusCode}, {(int)given.StatusCode}");
        string? code = null;
        await Deadline.UntilAsync("a code is sent", Patience, async () =>
        {
            foreach (var file in Known().Except(before))
                code ??= Code().Match(await ReadAsync(file, cancel)) is { Success: true } match ? match.Groups[1].Value + match.Groups[2].Value : null;
            return code is not null;
        }, cancel);
        using var confirmed = await http.PostAsJsonAsync("api/support/mail/address/confirmation", new { code }, cancel);
        Assert.True(confirmed.IsSuccessStatusCode, $"{(int)confirmed.StatusCode}");
    }

    private string[] Known() => Directory.Exists(Sent) ? Directory.GetFiles(Sent, "*.eml") : [];

    // Whichever of the ticket: each is answered alike.
    private async Task<string?> TokenAsync(Guid ticket, CancellationToken cancel)
    {
        foreach (var file in Known())
        {
            var text = await ReadAsync(file, cancel);
            if (text.Contains(ticket.ToString(), StringComparison.Ordinal) && Token().Match(text) is { Success: true } match)
                return match.Groups[1].Value;
        }

        return null;
    }

    // Without the line ends that quoted-printable and long headers put in.
    private static async Task<string> ReadAsync(string file, CancellationToken cancel) =>
        (await File.ReadAllTextAsync(file, cancel)).Replace("\r", "", StringComparison.Ordinal).Replace("=\n", "", StringComparison.Ordinal).Replace("\n ", "", StringComparison.Ordinal).Replace("\n\t", "", StringComparison.Ordinal);

    private async Task<string> DropAsync(string to, string subject, string words, CancellationToken cancel)
    {
        static string Word(string text) => $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}?=";
        var name = $"{Interlocked.Increment(ref dropped):D6}-{Clerk.NewId():N}.eml";
        var raw = $"""
            From: {Word(subject)} <{Address}>
            To: {to}
            Subject: {Word(subject)}
            Message-ID: <{name}@chu.example>
            Date: Fri, 20 Nov 2026 09:00:00 +0100
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: base64

            {Convert.ToBase64String(Encoding.UTF8.GetBytes(words))}

            """;
        Directory.CreateDirectory(Inbox);
        // Whole when it is seen.
        var making = Path.Combine(Inbox, name + ".tmp");
        await File.WriteAllTextAsync(making, raw.Replace("\n", "\r\n", StringComparison.Ordinal), cancel);
        File.Move(making, Path.Combine(Inbox, name));
        return name;
    }

    [GeneratedRegex(@": ([0-9]{4}) ([0-9]{4})\. Il vaut")]
    private static partial Regex Code();

    [GeneratedRegex(@"reponses\+([a-z2-7]{42})@cdr\.example")]
    private static partial Regex Token();
}
