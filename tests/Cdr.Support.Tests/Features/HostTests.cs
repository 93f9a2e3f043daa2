using System.Text;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Tests.Doubles;
using Cdr.Testing;
using Cdr.Testing.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Refit;

namespace Cdr.Support.Tests.Features;

/// <summary>Tests against the real program; its clock stands on Friday 2026-11-20, 09:00 in Paris.</summary>
public abstract class HostTests : IAsyncLifetime
{
    protected const string Here = "750712184";
    protected const string Elsewhere = "750100018";

    /// <summary>The table that most tests need: one caisse here, one in Strasbourg, one of another regime.</summary>
    protected const string Table = "code;regime;libelle;departement;horaires\n01751;test-regime;CPAM de test;75;\n01671;test-regime;CPAM du Bas-Rhin;67;1-5 08:30-12:00 13:30-17:30\n02594;other-regime;MSA de test;59;\n";

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero));

    private protected TestTokens Sessions { get; private set; } = null!;

    private protected RightsDouble Rights { get; private set; } = null!;

    private protected SupportHost Host { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected ISupportApi Clerk => Api(CdrRoles.Clerk, "clerk-1");

    protected ISupportApi Referent => Api(CdrRoles.Referent, "referent-1");

    protected ISupportApi Hotline => Api(CdrRoles.Hotline, "hotline-1");

    protected ISupportApi Organism => Api(CdrRoles.RegimeAgent, "agent-1", regime: "test-regime");

    public async ValueTask InitializeAsync()
    {
        Sessions = await TestTokens.StartAsync(Clock, Cancel);
        Rights = await RightsDouble.StartAsync();
        Host = new SupportHost(Clock, [.. Sessions.Settings, new("Services:Rights", Rights.Address), .. await MoreAsync()]);
        await PrepareAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Rights.DisposeAsync();
        await Sessions.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected virtual ValueTask<IEnumerable<KeyValuePair<string, string?>>> MoreAsync() => new([]);

    /// <summary>Before the first test asks something.</summary>
    private protected virtual ValueTask PrepareAsync() => default;

    /// <summary>Days pass at once: what looks every few seconds does not look for each of them.</summary>
    private protected void Pass(TimeSpan time) => Clock.AdjustTime(Clock.GetUtcNow() + time);

    /// <summary>Ends what a hosted service does by itself: from here on the test alone says when it is looked at.</summary>
    private protected async Task ByHandAsync(IHostedService service)
    {
        // One that ends would end its host.
        Host.Services.GetRequiredService<IOptions<HostOptions>>().Value.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;
        await service.StopAsync(Cancel);
    }

    private protected string Token(string role, string subject = "person-1", string? finess = Here, string? group = "ght-75", string? regime = null, string kind = SubjectKinds.Person, string? organism = null) =>
        Sessions.Mint(new TestCaller { Role = role, Subject = subject, Finess = role is CdrRoles.Hotline or CdrRoles.RegimeAgent ? null : finess, Group = group, Regime = regime, Organism = organism, Kind = kind });

    /// <summary>An agent of one caisse.</summary>
    protected ISupportApi Caisse(string organism, string regime = "test-regime") =>
        RestService.ForGenerated<ISupportApi>(Host.ClientOf(CaisseToken(organism, regime)), new RefitSettings());

    private protected string CaisseToken(string organism, string regime = "test-regime") => Token(CdrRoles.RegimeAgent, $"agent-{regime}-{organism}", regime: regime, organism: organism);

    protected ISupportApi Api(string role, string subject, string? finess = Here, string? regime = null) =>
        RestService.ForGenerated<ISupportApi>(Host.ClientOf(Token(role, subject, finess, regime: regime)), new RefitSettings());

    private protected async Task ImportAsync(string table = Table, string version = "3.32", string from = "2026-01-01")
    {
        using var content = new StringContent(table, Encoding.UTF8, "text/csv");
        using var response = await Host.ClientOf(Token(CdrRoles.Administrator)).PostAsync($"/api/support/organisms?version={version}&from={from}", content, Cancel);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    private protected Guid Consult(string establishment = Here)
    {
        var id = Guid.CreateVersion7(Clock.GetUtcNow());
        Rights.Kept[id] = (establishment, Answers.Bytes(id));
        return id;
    }

    protected static TicketRequest Technical(bool send = false) => new() { Kind = TicketKind.Technical, Title = "Le lecteur ne répond plus", Text = "Depuis ce matin.", Send = send };

    protected static TicketRequest Inconsistent(Guid consultation, bool send = false) =>
        new() { Kind = TicketKind.DataInconsistency, Title = "Droits fermés, carte ouverte", Text = "La carte dit autrement.", Consultation = consultation, Send = send };

    /// <summary>A data inconsistency that the hotline may transfer.</summary>
    private protected async Task<Ticket> ReadyToTransferAsync()
    {
        await ImportAsync();
        var ticket = await Clerk.OpenAsync(Inconsistent(Consult()), Cancel);
        await MoveAsync(Referent, ticket, TicketAction.Send);
        await MoveAsync(Hotline, ticket, TicketAction.Take);
        return await Hotline.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Check, Checked = ["identity", "card", "difference", "date"] }, Cancel);
    }

    protected static Task<Ticket> MoveAsync(ISupportApi who, Ticket ticket, TicketAction action, string? text = null, string? organism = null) =>
        who.MoveAsync(ticket.Id, new TicketMove { Action = action, Text = text, Organism = organism, Cause = action == TicketAction.Solve ? "other" : null }, Cancel);

    /// <summary>Code of the problem.</summary>
    private protected static async Task<string> RefusedAsync(Func<Task> call, System.Net.HttpStatusCode status)
    {
        var refused = await Assert.ThrowsAnyAsync<ApiException>(call);
        Assert.Equal(status, refused.StatusCode);
        return System.Text.Json.JsonDocument.Parse(refused.Content!).RootElement.GetProperty("code").GetString()!;
    }
}
