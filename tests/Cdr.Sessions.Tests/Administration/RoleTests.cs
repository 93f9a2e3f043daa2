using Cdr.Contracts.Sessions;
using Cdr.Drawer;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cdr.Sessions.Tests.Administration;

public sealed class RoleTests : IDisposable
{
    private const string North = "590991014";
    private const string South = "590991022";

    private readonly SessionsHost host;
    private readonly HospitalSoftware http;

    public RoleTests(PrintedCards cards)
    {
        host = new SessionsHost(cards);
        http = new HospitalSoftware(host);
    }

    private DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(host.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).DateTime);

    [Fact]
    public async Task A_role_that_was_assigned_signs_in_and_one_that_was_withdrawn_ends_its_sessions()
    {
        var agent = new TestAgent(host);
        Assert.Equal("card-without-role", (await agent.OpenAsync("cpa-sans-role")).Code);
        var role = (await AssignAsync(new RoleAssignment(NumberOf("cpa-sans-role"), CdrRoles.Hotline))).Value;
        Assert.Equal((CdrRoles.Hotline, Today, null), (role.Role, role.From, role.Until));
        var grant = await agent.SignInAsync("cpa-sans-role");
        Assert.Equal(CdrRoles.Hotline, grant.Activity.Role);
        Assert.Equal(200, (await agent.RenewAsync(grant)).Status);

        var withdrawn = (await WithdrawAsync(role.Id, new RoleWithdrawal())).Value;

        Assert.Equal(Today.AddDays(-1), withdrawn.Until);
        Assert.Equal((401, "session-ended"), Of(await agent.RenewAsync(grant)));
        Assert.Equal("card-without-role", (await agent.OpenAsync("cpa-sans-role")).Code);
        // Given again: the same role, from today.
        Assert.Equal(role.Id, (await AssignAsync(new RoleAssignment(NumberOf("cpa-sans-role"), CdrRoles.Hotline))).Value.Id);
        Assert.Equal(200, (await agent.OpenAsync("cpa-sans-role")).Status);
    }

    [Fact]
    public async Task A_role_with_days_begins_and_ends_by_itself()
    {
        var agent = new TestAgent(host);
        await AssignAsync(new RoleAssignment(NumberOf("cpa-sans-role"), CdrRoles.Operations, From: Today.AddDays(1), Until: Today.AddDays(2)));
        Assert.Equal("card-without-role", (await agent.OpenAsync("cpa-sans-role")).Code);
        host.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(200, (await agent.OpenAsync("cpa-sans-role")).Status);
        host.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal("card-without-role", (await agent.OpenAsync("cpa-sans-role")).Code);
    }

    [Fact]
    public async Task Roles_are_found_by_person_by_establishment_and_without_any_condition_all_beyond_clerk()
    {
        var all = await FindAsync(new RoleSearch());
        Assert.DoesNotContain(all, role => role.Role == CdrRoles.Clerk);
        Assert.Equal(CdrRoles.All.Skip(1).Order(), all.Select(role => role.Role).Distinct().Order());
        var nurse = Assert.Single(await FindAsync(new RoleSearch(Number: NumberOf("cps-infirmier"))));
        Assert.Equal((CdrRoles.Clerk, South, "urgences", ""), (nurse.Role, nurse.Establishment, nurse.Unit, nurse.Holder));
        Assert.All(await FindAsync(new RoleSearch(Establishment: North)), role => Assert.Equal(North, role.Establishment));
        Assert.All(await FindAsync(new RoleSearch(Role: CdrRoles.Hotline)), role => Assert.Equal(CdrRoles.Hotline, role.Role));
        Assert.Empty(await FindAsync(new RoleSearch(Number: "810001234565")));
        await new TestAgent(host).SignInAsync("cps-infirmier");
        Assert.Equal("Thomas Quenelle", Assert.Single(await FindAsync(new RoleSearch(Number: NumberOf("cps-infirmier")))).Holder);
    }

    [Fact]
    public async Task Nobody_changes_their_own_roles()
    {
        var own = NumberOf("cpa-administrateur");
        Assert.Equal((403, "role-of-oneself"), Of(await AssignAsync(new RoleAssignment(own, CdrRoles.Hotline))));
        var mine = Assert.Single(await FindAsync(new RoleSearch(Number: own)));
        Assert.Equal((403, "role-of-oneself"), Of(await WithdrawAsync(mine.Id, new RoleWithdrawal())));
        Assert.Equal(200, (await new TestAgent(host).OpenAsync("cpa-administrateur")).Status);
    }

    [Fact]
    public async Task An_agent_is_a_caisse_s_or_the_whole_regime_s_and_may_be_both()
    {
        async Task<Answer<RoleState>> AgentAsync(string? organism) => await AssignAsync(new RoleAssignment(NumberOf("cpa-sans-role"), CdrRoles.RegimeAgent, Regime: "msa", Organism: organism));
        var nord = (await AgentAsync("02595")).Value;
        Assert.Equal(("msa", "02595"), (nord.Regime, nord.Organism));
        var other = (await AgentAsync("02755")).Value;
        var whole = (await AgentAsync(null)).Value;
        Assert.Equal(("msa", null), (whole.Regime, whole.Organism));
        Assert.Equal(3, new[] { nord.Id, other.Id, whole.Id }.Distinct().Count());
        // Given again: the same role.
        Assert.Equal(nord.Id, (await AgentAsync("02595")).Value.Id);
        Assert.Equal([null, "02595", "02755"], (await FindAsync(new RoleSearch(Number: NumberOf("cpa-sans-role")))).Select(role => role.Organism).Order());

        await WithdrawAsync(other.Id, new RoleWithdrawal());
        await WithdrawAsync(whole.Id, new RoleWithdrawal());
        var grant = await new TestAgent(host).SignInAsync("cpa-sans-role");
        Assert.Equal("02595", new JsonWebToken(grant.Token.Value).GetClaim(CdrClaims.Organism).Value);
        Assert.Contains($"regime-agent msa 02595 {Today:O}/", (await ReadAsync("cpa-administrateur")).Select(entry => entry.Detail));
    }

    [Theory]
    [InlineData("0259", CdrRoles.RegimeAgent, "msa", "organism-invalid")]
    [InlineData("025955", CdrRoles.RegimeAgent, "msa", "organism-invalid")]
    [InlineData("0259A", CdrRoles.RegimeAgent, "msa", "organism-invalid")]
    [InlineData("", CdrRoles.RegimeAgent, "msa", "organism-invalid")]
    [InlineData("02595", CdrRoles.RegimeAgent, null, "regime-invalid")]
    [InlineData("02595", CdrRoles.Hotline, null, "role-elsewhere")]
    public async Task A_caisse_is_five_digits_and_an_agent_s(string organism, string role, string? regime, string code) =>
        Assert.Equal((400, code), Of(await AssignAsync(new RoleAssignment(NumberOf("cpa-sans-role"), role, Regime: regime, Organism: organism))));

    [Fact]
    public async Task Staff_of_a_provider_are_given_roles_by_their_name_there() =>
        Assert.Equal(200, (await AssignAsync(new RoleAssignment("openid|https://organisation.test|s.petit", CdrRoles.Hotline))).Status);

    [Theory]
    [InlineData("number", "mdurand", CdrRoles.Hotline, null, null, null)]
    [InlineData("number", "openid|organisation|", CdrRoles.Hotline, null, null, null)]
    [InlineData("role", "810001234565", "surgeon", null, null, null)]
    [InlineData("role", "810001234565", CdrRoles.Hotline, North, null, null)]
    [InlineData("role", "810001234565", CdrRoles.Clerk, North, "flandre", null)]
    [InlineData("role", "810001234565", CdrRoles.GroupManager, North, "flandre", null)]
    [InlineData("establishment", "810001234565", CdrRoles.Referent, null, null, null)]
    [InlineData("establishment", "810001234565", CdrRoles.Clerk, "690991021", null, null)]
    [InlineData("group", "810001234565", CdrRoles.GroupManager, null, "nowhere", null)]
    [InlineData("regime", "810001234565", CdrRoles.RegimeAgent, null, null, "No regime")]
    [InlineData("unit", "810001234565", CdrRoles.Clerk, North, null, null)]
    [InlineData("from", "810001234565", CdrRoles.Administrator, null, null, null)]
    [InlineData("until", "810001234565", CdrRoles.Administrator, null, null, null)]
    public async Task Each_role_has_its_place_and_its_days(string field, string number, string role, string? establishment, string? group, string? regime)
    {
        var answer = await AssignAsync(new RoleAssignment(
            number, role, establishment, field == "unit" ? "bloc" : null, group, regime, field == "from" ? Today.AddDays(-1) : null, field == "until" ? Today.AddDays(-1) : null));
        Assert.Equal(400, answer.Status);
        Assert.Contains($"\"field\":\"{field}\"", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(number, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_last_day_is_not_in_the_past_and_an_unknown_role_is_not_withdrawn()
    {
        var role = (await AssignAsync(new RoleAssignment(NumberOf("cpa-sans-role"), CdrRoles.Hotline))).Value;
        Assert.Equal((400, "last-day-in-the-past"), Of(await WithdrawAsync(role.Id, new RoleWithdrawal(Today.AddDays(-1)))));
        Assert.Equal((404, "role-not-assigned"), Of(await WithdrawAsync(Guid.Empty, new RoleWithdrawal())));
        Assert.Equal(Today, (await WithdrawAsync(role.Id, new RoleWithdrawal(Today))).Value.Until);
        Assert.Equal(200, (await new TestAgent(host).OpenAsync("cpa-sans-role")).Status);
    }

    [Fact]
    public async Task Who_gave_and_took_is_read_by_those_whom_it_concerns()
    {
        var beside = (await AssignAsync(new RoleAssignment(NumberOf("cps-infirmier"), CdrRoles.Clerk, North))).Value;
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var south = (await AssignAsync(new RoleAssignment(NumberOf("cpa-sans-role"), CdrRoles.Referent, South))).Value;
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await WithdrawAsync(beside.Id, new RoleWithdrawal());
        await new TestAgent(host).SignInAsync("cps-infirmier");

        var all = await ReadAsync("cpa-administrateur");
        var referents = await ReadAsync("cpe-referent");

        Assert.Equal(["role-withdrawn", "role-assigned", "role-assigned"], all.Select(entry => entry.Act));
        Assert.Equal(all, await ReadAsync("cpa-donnees"));
        Assert.Equal([beside.Id.ToString(), beside.Id.ToString()], referents.Select(entry => entry.Target));
        Assert.All(all, entry => Assert.Equal((CdrRoles.Administrator, Deck.Find("cpa-administrateur")!.FamilyName), (entry.ByRole, entry.By.Split(' ', 2)[1])));
        Assert.Equal("Thomas Quenelle", referents[0].Holder);
        Assert.Equal($"referent {South} {Today:O}/", all[1].Detail);
        Assert.DoesNotContain(all, entry => entry.Detail.Contains("8199", StringComparison.Ordinal));
        Assert.Equal(south.Id.ToString(), all[1].Target);
        Assert.Equal(3, await host.InStoreAsync(db => db.AdministrationRecords.CountAsync(record => record.Act != "directory-imported")));
    }

    public void Dispose() => host.Dispose();

    private static string NumberOf(string card) => Deck.Find(card)!.Number;

    private static (int Status, string? Code) Of<T>(Answer<T> answer) => (answer.Status, answer.Code);

    private async Task<Answer<RoleState>> AssignAsync(RoleAssignment assignment) =>
        await http.SendAsync<RoleState>(HttpMethod.Post, "/api/sessions/roles", await http.TokenOfAsync("cpa-administrateur"), assignment);

    private async Task<Answer<RoleState>> WithdrawAsync(Guid id, RoleWithdrawal withdrawal) =>
        await http.SendAsync<RoleState>(HttpMethod.Post, $"/api/sessions/roles/{id}/withdrawal", await http.TokenOfAsync("cpa-administrateur"), withdrawal);

    private async Task<RoleState[]> FindAsync(RoleSearch search) =>
        (await http.SendAsync<RoleState[]>(HttpMethod.Post, "/api/sessions/roles/search", await http.TokenOfAsync("cpa-administrateur"), search)).Value;

    /// <summary>But for what the directory's file gave, at the same instant.</summary>
    private async Task<AdministrationEntry[]> ReadAsync(string card) =>
        [.. (await http.SendAsync<AdministrationEntry[]>(HttpMethod.Get, "/api/sessions/administration", await http.TokenOfAsync(card))).Value.Where(entry => entry.Act != "directory-imported")];
}
