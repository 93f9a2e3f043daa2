using System.Net.Http.Headers;
using System.Net.Http.Json;
using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Drawer.Pki;
using Cdr.Sessions.Data;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Tests.Features;

/// <summary>What a referent grants and closes, for their own establishment.</summary>
public sealed class HabilitationTests(PrintedCards cards) : IDisposable
{
    private const string Path = "/api/sessions/habilitations";
    private const string Nord = "590991014";
    private const string Liberal = "cps-liberal";
    private static readonly string Number = Deck.Find(Liberal)!.Number;
    private readonly SessionsHost host = new(cards, [new("Sessions:Presence:Elsewhere", "Stays")]);

    [Fact]
    public async Task A_liberal_practitioner_opens_with_a_referents_grant_and_no_longer_after_its_end()
    {
        var referent = await SignInAsync("cpe-referent");
        var agent = new TestAgent(host);
        var refused = await agent.OpenAsync(Liberal);
        Assert.Equal((403, "liberal-practice"), (refused.Status, refused.Code));
        Assert.Contains("professionnels libéraux", refused.Body, StringComparison.Ordinal);

        var today = Today();
        var granted = (await PostAsync<HabilitationState>(referent, Path, new GrantRequest(Number, CdrRoles.Clerk, "urgences", today.AddDays(1), today.AddDays(2)))).Value;
        Assert.Equal(("no-establishment", today.AddDays(1), today.AddDays(2)), ((await agent.OpenAsync(Liberal)).Code, granted.From, granted.Until));
        host.Clock.Advance(TimeSpan.FromDays(1));
        var activity = Assert.Single((await agent.OpenAsync(Liberal)).Value.Activities);
        Assert.Equal((CdrRoles.Clerk, Nord, "urgences", "emergencies"), (activity.Role, activity.Finess, activity.Unit, activity.Function));
        host.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(403, (await agent.OpenAsync(Liberal)).Status);
    }

    [Fact]
    public async Task Several_are_chosen_from_and_a_renewed_card_keeps_them()
    {
        var referent = await SignInAsync("cpe-referent");
        var agent = new TestAgent(host);
        foreach (var unit in new[] { "urgences", "admissions" })
            Assert.Equal(200, (await PostAsync<HabilitationState>(referent, Path, new GrantRequest(Number, CdrRoles.Clerk, unit, null, null))).Status);
        var opening = (await agent.OpenAsync(Liberal)).Value;
        Assert.Equal((409, "activity-required"), Of(await agent.RedeemAsync(opening.Ticket)));
        var before = await host.InStoreAsync(db => db.People.CountAsync());

        using var authority = DemoAuthority.Ensure(System.IO.Path.Combine(host.Folder, "drawer"), host.Clock.GetUtcNow());
        using var renewed = CardPrinter.Print(Deck.Find(Liberal)!, CertificateUse.Authentication, authority, host.Clock.GetUtcNow());
        Assert.Equal(opening.Activities, (await agent.OpenAsync(renewed)).Value.Activities);
        Assert.Equal(before, await host.InStoreAsync(db => db.People.CountAsync()));
    }

    [Fact]
    public async Task A_leaver_is_out_at_once_and_one_announced_after_the_last_day()
    {
        var referent = await SignInAsync("cpe-referent");
        var agent = new TestAgent(host);
        var granted = (await PostAsync<HabilitationState>(referent, Path, new GrantRequest(Number, CdrRoles.Clerk, null, null, null))).Value;
        var grant = await agent.SignInAsync(Liberal);
        Assert.Equal("Julien Peyrat", (await ListAsync(referent)).Single(one => one.Id == granted.Id).Holder);
        Assert.Equal(Today().AddDays(3), (await CloseAsync(referent, granted.Id, Today().AddDays(3))).Value.Until);
        Assert.Equal(200, (await agent.RenewAsync(grant)).Status);
        Assert.Equal(200, (await CloseAsync(referent, granted.Id, null)).Status);
        Assert.Equal(401, (await agent.RenewAsync(grant)).Status);
        Assert.Equal(SessionEnds.Revoked, await host.InStoreAsync(db => db.Sessions.Where(one => one.Id == grant.Session).Select(one => one.EndedBecause).SingleAsync()));
        Assert.Equal(403, (await agent.OpenAsync(Liberal)).Status);
    }

    [Fact]
    public async Task What_the_establishment_closed_its_card_does_not_open_again()
    {
        var referent = await SignInAsync("cpe-referent");
        var agent = new TestAgent(host);
        var employee = await agent.SignInAsync("cpe-admissions-nord");
        Assert.Equal(200, (await CloseAsync(referent, employee.Activity.Id, null)).Status);
        Assert.Equal("no-establishment", (await agent.OpenAsync("cpe-admissions-nord")).Code);
    }

    [Fact]
    public async Task Anothers_establishment_is_as_unknown_as_none()
    {
        var referent = await SignInAsync("cpe-referent");
        var foreign = (await new TestAgent(host).SignInAsync("cpe-urgences-rhone")).Activity.Id;
        Assert.Equal((404, "habilitation-unknown"), Of(await CloseAsync(referent, foreign, null)));
        Assert.Equal((404, "habilitation-unknown"), Of(await CloseAsync(referent, Guid.Empty, null)));
        Assert.DoesNotContain(await ListAsync(referent), one => one.Id == foreign);
        var own = await host.InStoreAsync(db => db.Habilitations.Where(one => one.EstablishmentFiness == Nord).Select(one => one.Id).ToListAsync());
        Assert.Equal(own.Order(), (await ListAsync(referent)).Select(one => one.Id).Order());
    }

    [Fact]
    public async Task Who_did_what_is_kept_and_each_reads_their_own()
    {
        var referent = await SignInAsync("cpe-referent");
        var granted = (await PostAsync<HabilitationState>(referent, Path, new GrantRequest(Number, CdrRoles.Clerk, null, null, null))).Value;
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await PostAsync<HabilitationState>(referent, Path, new GrantRequest(Number, CdrRoles.Clerk, null, null, Today().AddDays(9)));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await CloseAsync(referent, granted.Id, null);
        // A refusal changes nothing, and leaves no line.
        await PostAsync<HabilitationState>(referent, Path, new GrantRequest(Number, CdrRoles.Administrator, null, null, null));
        foreach (var (reader, sees) in new[] { ("cpe-referent", 3), ("cpa-administrateur", 3), ("cpa-donnees", 3) })
        {
            var lines = (await (await SignInAsync(reader)).GetFromJsonAsync<AdministrationEntry[]>("/api/sessions/administration", TestContext.Current.CancellationToken))!.Where(line => line.Act != "directory-imported").ToList();
            Assert.Equal(sees, lines.Count);
            Assert.Equal(["role-withdrawn", "role-changed", "role-assigned"], lines.Select(line => line.Act));
            Assert.All(lines, line => Assert.Equal((granted.Id.ToString(), CdrRoles.Referent, Nord), (line.Target, line.ByRole, line.Establishment)));
            Assert.All(lines, line => Assert.StartsWith(CdrRoles.Clerk + " " + Nord, line.Detail, StringComparison.Ordinal));
            Assert.DoesNotContain(lines, line => line.By == line.Holder);
        }
    }

    [Fact]
    public async Task What_cannot_be_granted_says_why()
    {
        var referent = await SignInAsync("cpe-referent");
        var today = Today();
        foreach (var (request, status, code) in new[]
        {
            (new GrantRequest("", CdrRoles.Clerk, null, null, null), 400, "number-invalid"),
            (new GrantRequest("7123456789", CdrRoles.Clerk, null, null, null), 400, "number-invalid"),
            (new GrantRequest(Number, "king", null, null, null), 400, "role-unknown"),
            (new GrantRequest(Number, CdrRoles.Referent, null, null, null), 403, "role-not-yours-to-give"),
            (new GrantRequest(Number, CdrRoles.Hotline, null, null, null), 403, "role-not-yours-to-give"),
            (new GrantRequest(Number, CdrRoles.Clerk, "nowhere", null, null), 400, "unit-unknown"),
            (new GrantRequest(Number, CdrRoles.Clerk, null, today.AddDays(-1), null), 400, "from-in-the-past"),
            (new GrantRequest(Number, CdrRoles.Clerk, null, today.AddDays(2), today.AddDays(1)), 400, "until-before-from"),
        })
            Assert.Equal((status, code), Of(await PostAsync<HabilitationState>(referent, Path, request)));
        var granted = (await PostAsync<HabilitationState>(referent, Path, new GrantRequest(Number, CdrRoles.Clerk, null, null, null))).Value;
        Assert.Equal((400, "last-day-in-the-past"), Of(await CloseAsync(referent, granted.Id, today.AddDays(-1))));
    }

    public void Dispose() => host.Dispose();

    private static (int Status, string? Code) Of<T>(Answer<T> answer) => (answer.Status, answer.Code);

    private DateOnly Today() => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(host.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).DateTime);

    private async Task<HttpClient> SignInAsync(string card)
    {
        var http = host.CreateClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await new TestAgent(host).SignInAsync(card)).Token.Value);
        return http;
    }

    private static async Task<Answer<T>> PostAsync<T>(HttpClient http, string path, object body)
    {
        using var response = await http.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync<T>(response);
    }

    private static Task<Answer<HabilitationState>> CloseAsync(HttpClient http, Guid id, DateOnly? lastDay) => PostAsync<HabilitationState>(http, $"{Path}/{id}/closure", new ClosureRequest(lastDay));

    private static async Task<HabilitationState[]> ListAsync(HttpClient http) => (await http.GetFromJsonAsync<HabilitationState[]>(Path, TestContext.Current.CancellationToken))!;
}
