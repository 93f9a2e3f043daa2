using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Features.AttachFile;
using Cdr.Support.Store;
using Cdr.Support.Tests.Attachments;
using Cdr.Support.Tickets;
using Cdr.Support.Webhooks;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace Cdr.Support.Tests.Features;

/// <summary>Role × endpoint × one's own ticket or another's: of one's establishment, group or regime; and of programs, one's own or another owner's.</summary>
public sealed class EstablishmentMatrixTests : HostTests
{
    private const string Lyon = "690991013";
    private const string Seen = "seen";

    /// <summary>A list without it.</summary>
    private const string Hidden = "not in it";

    private static readonly string[] Readers = [CdrRoles.Clerk, CdrRoles.Referent, CdrRoles.FunctionalCorrespondent, CdrRoles.GroupManager, CdrRoles.Hotline, CdrRoles.RegimeAgent];
    private static readonly string[] Movers = [CdrRoles.Clerk, CdrRoles.Referent, CdrRoles.Hotline, CdrRoles.RegimeAgent];
    private static readonly string[] Openers = [CdrRoles.Clerk, CdrRoles.Referent, CdrRoles.Hotline];
    private static readonly string[] Owners = [CdrRoles.RegimeAgent, CdrRoles.GroupManager];

    /// <summary>Who is let in, and what another's is to them: not there, or not in the list.</summary>
    private static readonly (string Endpoint, string[] Roles, string Others)[] Endpoints =
    [
        ("GET /api/support/tickets", Readers, Hidden),
        ("POST /api/support/tickets", Openers, "400"),
        ("GET /api/support/tickets/{id}", Readers, "404"),
        ("POST /api/support/numbers", Readers, "404"),
        ("POST /api/support/tickets/{id}/moves", Movers, "404"),
        ("GET /api/support/tickets/{id}/evidence", Movers, "404"),
        ("GET /api/support/tickets/{id}/evidence/{answer}", Movers, "404"),
        ("GET /api/support/tickets/{id}/attachments", Movers, "404"),
        ("POST /api/support/tickets/{id}/attachments", Movers, "404"),
        ("GET /api/support/tickets/{id}/attachments/{attachment}", Movers, "404"),
        ("POST /api/support/tickets/{id}/looking", [CdrRoles.Hotline, CdrRoles.RegimeAgent], "404"),
        ("GET /api/support/tickets/{id}/incident", Readers, "404"),
        ("POST /api/support/discrepancies", [CdrRoles.Clerk], "400"),
        ("GET /api/support/figures", Readers, Hidden),
        ("GET /api/support/tickets/export.csv", Readers, Hidden),
        ("POST /api/support/searches", Movers, Hidden),
        ("POST /api/support/knowledge/drafts", [CdrRoles.Hotline], "404"),
        ("GET /api/support/webhooks", Owners, Hidden),
        ("POST /api/support/webhooks/{id}/enabling", Owners, "404"),
        ("DELETE /api/support/webhooks/{id}", Owners, "404"),
        ("GET /api/support/webhooks/{id}/deliveries", Owners, "404"),
        ("POST /api/support/webhooks/{id}/deliveries/{delivery}/replay", Owners, "404"),
    ];

    /// <summary>Where nobody names a ticket: one's own bells, addresses and choice, a new program of one's own, and what everybody reads, kept by the hotline or by a regime for its own.</summary>
    private static readonly string[] OfNone =
    [
        "/api/support/notices", "/api/support/mail", "/api/support/establishment", "/api/support/organisms", "/api/support/information", "/api/support/announcements", "/api/support/incidents", "/api/support/knowledge", "/api/support/causes", "/api/support/templates",
    ];

    [Fact]
    public async Task Each_role_reaches_its_own_and_no_others()
    {
        await ImportAsync();
        var mine = await MakeAsync(Here, "ght-75", null);
        var other = await MakeAsync(Lyon, "ght-13", "02594");
        await IndexedAsync(mine, other);
        List<string> wrong = [];
        foreach (var role in (string[])[.. CdrRoles.All, "service", "nobody"])
        {
            foreach (var (endpoint, roles, others) in Endpoints)
            {
                var said = (Own: await AskAsync(role, endpoint, mine, isOwn: true), Other: await AskAsync(role, endpoint, other, isOwn: false));
                var expected = role == "nobody" ? ("401", "401")
                    : !roles.Contains(role) ? ("403", "403")
                    : role == CdrRoles.Hotline ? (Hotlines(endpoint), Hotlines(endpoint))
                    // Given up: it is replayed once it is enabled.
                    : (endpoint.EndsWith("/replay", StringComparison.Ordinal) ? "409" : Seen, others);
                if (said != expected)
                    wrong.Add($"{role} {endpoint}: {said}, not {expected}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Every_endpoint_is_in_the_matrix_or_names_no_ticket() => Assert.Equal(
        MappedEndpoints.Of(Host.Services).Where(one => one != "POST /api/support/webhooks" && !one.Contains("/unsubscriptions/", StringComparison.Ordinal)
            && (one.EndsWith("/drafts", StringComparison.Ordinal) || !OfNone.Any(path => one.Split(' ')[1].StartsWith(path, StringComparison.Ordinal)))),
        Endpoints.Select(one => one.Endpoint).Order(StringComparer.Ordinal));

    // An article is made of a solved ticket alone.
    private static string Hotlines(string endpoint) => endpoint.EndsWith("/drafts", StringComparison.Ordinal) ? "409" : Seen;

    private async Task<string> AskAsync(string role, string endpoint, Made made, bool isOwn)
    {
        var (method, path) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1]);
        var (webhook, delivery) = path.Contains("webhooks", StringComparison.Ordinal) ? await WebhookAsync(role, isOwn, made) : default;
        path = path.Replace("{id}", (path.Contains("webhooks", StringComparison.Ordinal) ? webhook : made.Ticket.Id).ToString(), StringComparison.Ordinal)
            .Replace("{answer}", made.Ticket.Answers[0].Id.ToString(), StringComparison.Ordinal).Replace("{attachment}", made.Attachment.ToString(), StringComparison.Ordinal)
            .Replace("{delivery}", delivery.ToString(), StringComparison.Ordinal)
            + (path.EndsWith("/figures", StringComparison.Ordinal) ? "?from=2026-11-01&to=2026-11-30&by=department" : "");
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "POST" ? Body(role, endpoint, made) : null };
        if (endpoint.StartsWith("POST", StringComparison.Ordinal) && endpoint.EndsWith("/attachments", StringComparison.Ordinal))
            request.Headers.Add(AttachFile.NameHeader, "a.png");
        var token = role switch
        {
            "nobody" => null,
            "service" => Token(CdrRoles.Hotline, kind: SubjectKinds.Service),
            _ => Token(role, role + "-0", regime: "test-regime"),
        };
        using var response = await Host.ClientOf(token).SendAsync(request, Cancel);
        if (!response.IsSuccessStatusCode)
            return ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        var mark = endpoint switch
        {
            "GET /api/support/tickets" or "POST /api/support/searches" => made.Ticket.Id.ToString(),
            "GET /api/support/tickets/export.csv" => made.Ticket.Number,
            "GET /api/support/figures" => $"\"{made.Ticket.Department}\"",
            "GET /api/support/webhooks" => webhook.ToString(),
            _ => "",
        };
        return (await response.Content.ReadAsStringAsync(Cancel)).Contains(mark, StringComparison.Ordinal) ? Seen : Hidden;
    }

    private static HttpContent Body(string role, string endpoint, Made made) => endpoint switch
    {
        "POST /api/support/tickets" => JsonContent.Create(role == CdrRoles.Hotline ? Technical() with { Establishment = made.Ticket.Establishment } : Inconsistent(made.Ticket.Consultation!.Value)),
        "POST /api/support/numbers" => JsonContent.Create(new { number = made.Ticket.Number }),
        "POST /api/support/tickets/{id}/moves" => JsonContent.Create(new { action = role is CdrRoles.Clerk or CdrRoles.Referent ? "watch" : "note", text = "…" }),
        "POST /api/support/tickets/{id}/attachments" => new ByteArrayContent(HostileFileTests.Png()),
        "POST /api/support/discrepancies" => JsonContent.Create(new { consultation = made.Ticket.Consultation, source = "other", pasted = "Nom : Lavandier" }),
        "POST /api/support/searches" => JsonContent.Create(new { words = "carte ouverte" }),
        "POST /api/support/knowledge/drafts" => JsonContent.Create(new ArticleOfTicket(made.Ticket.Id)),
        _ => JsonContent.Create(new { }),
    };

    /// <summary>A ticket that was transferred, with its proof and a file.</summary>
    private async Task<Made> MakeAsync(string establishment, string group, string? organism)
    {
        HttpClient Of(string role) => Host.ClientOf(Token(role, role + "-" + group, establishment, group));
        ISupportApi Api(string role) => RestService.ForGenerated<ISupportApi>(Of(role), new RefitSettings());
        var ticket = await Api(CdrRoles.Clerk).OpenAsync(Inconsistent(Consult(establishment)), Cancel);
        using var sending = new HttpRequestMessage(HttpMethod.Post, $"/api/support/tickets/{ticket.Id}/attachments") { Content = new ByteArrayContent(HostileFileTests.Png()) };
        sending.Headers.Add(AttachFile.NameHeader, "carte.png");
        using var sent = await Of(CdrRoles.Clerk).SendAsync(sending, Cancel);
        Assert.True(sent.IsSuccessStatusCode);
        var file = (await sent.Content.ReadFromJsonAsync<Attachment>(Cancel))!;
        await MoveAsync(Api(CdrRoles.Referent), ticket, TicketAction.Send);
        await MoveAsync(Hotline, ticket, TicketAction.Take);
        await Hotline.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Check, Checked = ["identity", "card", "difference", "date"] }, Cancel);
        return new Made(await MoveAsync(Hotline, ticket, TicketAction.Transfer, organism: organism), file.Id);
    }

    private async Task<(Guid Webhook, Guid Delivery)> WebhookAsync(string role, bool isOwn, Made made)
    {
        var owner = role == CdrRoles.GroupManager ? "group:" + (isOwn ? "ght-75" : "ght-13") : Actor.RegimeRecipient(isOwn ? "test-regime" : "other-regime");
        var now = Clock.GetUtcNow();
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        await using var scope = Host.Services.CreateAsyncScope();
        var row = scope.ServiceProvider.GetRequiredService<WebhookBook>().Make(Guid.CreateVersion7(now), owner, new Uri("https://programme.example/cdr"), new Actor("made", CdrRoles.GroupManager, Here, "ght-75", "75", ""), now, out _);
        // Given up already: nothing is sent anywhere.
        (row.DisabledAt, row.FailingSince) = (now, now);
        var delivery = new DeliveryRow { Id = Guid.CreateVersion7(now), Webhook = row.Id, Message = Guid.CreateVersion7(now), Ticket = made.Ticket.Id, Number = made.Ticket.Number, Event = "open", TicketState = TicketState.New, At = now, Since = now, State = DeliveryState.Failed };
        db.AddRange(row, delivery);
        await db.SaveChangesAsync(Cancel);
        return (row.Id, delivery.Id);
    }

    private async Task IndexedAsync(params Made[] made)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        foreach (var one in made)
        {
            while (await AskAsync(CdrRoles.Hotline, "POST /api/support/searches", one, isOwn: true) != Seen)
                await Task.Delay(50, patience.Token);
        }
    }

    private sealed record Made(Ticket Ticket, Guid Attachment);
}
