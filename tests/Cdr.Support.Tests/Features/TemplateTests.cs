using System.Net;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace Cdr.Support.Tests.Features;

/// <summary>Texts that the hotline writes often: versions, of which none is lost.</summary>
public sealed class TemplateTests : HostTests
{
    private static readonly TemplateText Reader = new() { Use = TemplateUse.Reply, Kind = TicketKind.Technical, Topic = ArticleTopic.Reader, Title = "Lecteur muet", Text = "Débranchez le lecteur, puis rebranchez-le." };

    private ITicketDeskApi Keeper => Desk("hotline-1");

    [Fact]
    public async Task Each_change_is_a_version_and_the_newest_is_what_is_offered()
    {
        var id = Guid.CreateVersion7(Clock.GetUtcNow());
        await Keeper.KeepTemplateAsync(id, Reader, Cancel);
        // Sent again it is one.
        Assert.Equal(1, (await Keeper.KeepTemplateAsync(id, Reader, Cancel)).Version);
        await Desk("hotline-2").KeepTemplateAsync(id, Reader with { Text = "Débranchez-le dix secondes.", Version = 1 }, Cancel);

        var one = Assert.Single(await Keeper.TemplatesAsync(Cancel));
        Assert.Equal((id, 2, "Débranchez-le dix secondes.", ArticleTopic.Reader), (one.Id, one.Version, one.Text, one.Topic!.Value));
        Assert.Equal((true, false, false), (one.Offers(TemplateUse.Reply, TicketKind.Technical), one.Offers(TemplateUse.Reply, TicketKind.UsageHelp), one.Offers(TemplateUse.Ticket, TicketKind.Technical)));
        Assert.Equal([("hotline-2", 2), ("hotline-1", 1)], (await Keeper.TemplateHistoryAsync(id, Cancel)).Select(version => (version.By, version.Said.Version)));

        Assert.Equal("template-changed", await RefusedAsync(() => Keeper.KeepTemplateAsync(id, Reader with { Text = "Autre.", Version = 1 }, Cancel), HttpStatusCode.Conflict));
        Assert.False((await Keeper.KeepTemplateAsync(id, Reader with { Withdrawn = true, Version = 2 }, Cancel)).Offers(TemplateUse.Reply, TicketKind.Technical));
        Assert.Equal(3, Assert.Single(await Keeper.TemplatesAsync(Cancel)).Version);
    }

    [Theory]
    [InlineData(" ", "x", "title-invalid")]
    [InlineData("t", " ", "text-invalid")]
    [InlineData("t\0t", "x", "title-invalid")]
    [InlineData("t", "x\0x", "text-unwritable")]
    [InlineData("t", "Écrivez à jeanne.durand@hopital.example", "holds-email")]
    [InlineData("2 84 05 75 112 901 54", "x", "holds-nir")]
    public async Task What_names_a_person_or_says_nothing_is_refused(string title, string text, string code)
    {
        var id = Guid.CreateVersion7(Clock.GetUtcNow());
        Assert.Equal(code, await RefusedAsync(() => Keeper.KeepTemplateAsync(id, Reader with { Title = title, Text = text }, Cancel), HttpStatusCode.BadRequest));
        Assert.Equal("id-not-v7", await RefusedAsync(() => Keeper.KeepTemplateAsync(Guid.Parse("01930000-0000-4000-8000-000000000001"), Reader, Cancel), HttpStatusCode.BadRequest));
        Assert.Empty(await Keeper.TemplatesAsync(Cancel));
    }

    [Fact]
    public async Task The_store_lets_nobody_change_what_was_written()
    {
        await Keeper.KeepTemplateAsync(Guid.CreateVersion7(Clock.GetUtcNow()), Reader, Cancel);
        await using var db = await Host.Services.GetRequiredService<IDbContextFactory<SupportDb>>().CreateDbContextAsync(Cancel);
        await Assert.ThrowsAnyAsync<Exception>(() => db.Templates.ExecuteDeleteAsync(Cancel));
        await Assert.ThrowsAnyAsync<Exception>(() => db.Templates.ExecuteUpdateAsync(set => set.SetProperty(row => row.Text, "autre"), Cancel));
    }

    private ITicketDeskApi Desk(string subject) => RestService.ForGenerated<ITicketDeskApi>(Host.ClientOf(Token(CdrRoles.Hotline, subject)), new RefitSettings());
}
