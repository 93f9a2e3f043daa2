using System.Text.Json.Serialization;
using Refit;

namespace Cdr.Contracts.Usage;

/// <summary>Deployment campaigns: who is to be equipped, and who is.</summary>
public interface ICampaignsApi
{
    /// <summary>All campaigns, the newest first.</summary>
    [Get("/api/usage/campaigns")]
    Task<IReadOnlyList<Campaign>> ListAsync(CancellationToken cancellationToken);

    /// <summary>How far each phase is, on a day, or as frozen at the end of a month.</summary>
    /// <param name="id">Of the campaign.</param>
    /// <param name="on">Day; default: today.</param>
    /// <param name="month">yyyy-MM: the month's end instead, frozen where it is.</param>
    /// <param name="function">reception, emergencies, invoicing: equipped for that; default: for any.</param>
    /// <param name="cancellationToken">Of the caller.</param>
    [Get("/api/usage/campaigns/{id}/rates")]
    Task<CampaignRates> RatesAsync(Guid id, [Query(Format = "yyyy-MM-dd")] DateOnly? on, string? month, string? function, CancellationToken cancellationToken);

    /// <summary>The targets of a phase, and since when each is equipped.</summary>
    [Get("/api/usage/campaigns/{id}/targets")]
    Task<IReadOnlyList<CampaignTarget>> TargetsAsync(Guid id, int phase, CancellationToken cancellationToken);

    /// <summary>Establishments that asked once and have not asked for so many days, the longest silent first.</summary>
    [Get("/api/usage/silent")]
    Task<IReadOnlyList<SilentEstablishment>> SilentAsync(int? days, string? function, CancellationToken cancellationToken);
}

/// <summary>What the targets of a phase are. The two are counted apart.</summary>
[JsonConverter(typeof(WireName<TargetKind>))]
public enum TargetKind
{
    /// <summary>FINESS juridique: equipped with the first of its sites.</summary>
    LegalEntities,

    /// <summary>FINESS géographique.</summary>
    Establishments,
}

/// <summary>A campaign to make.</summary>
/// <param name="Name">For people, 1 to 100 characters.</param>
/// <param name="Phases">At least one, each number once.</param>
public sealed record CampaignRequest(string? Name, IReadOnlyList<CampaignPhase>? Phases);

/// <summary>A phase.</summary>
/// <param name="Number">1 to 99.</param>
/// <param name="Name">For people, 1 to 100 characters.</param>
/// <param name="Targets">What its targets are.</param>
/// <param name="BeganOn">Its first day.</param>
public sealed record CampaignPhase(int Number, string Name, TargetKind Targets, DateOnly BeganOn);

/// <summary>A campaign.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Name">For people.</param>
/// <param name="Phases">In their order.</param>
/// <param name="Kit">What establishments are given for their own people.</param>
/// <param name="Meetings">Regional meetings, in the order of their days.</param>
public sealed record Campaign(Guid Id, string Name, IReadOnlyList<CampaignPhase> Phases, IReadOnlyList<KitItem> Kit, IReadOnlyList<RegionalMeeting> Meetings);

/// <summary>A document of the communication kit.</summary>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="Address">Where it is: an https address.</param>
/// <param name="PublishedOn">Its date.</param>
public sealed record KitItem(string Title, string Address, DateOnly PublishedOn);

/// <summary>A regional meeting to note.</summary>
/// <param name="Day">Its day.</param>
/// <param name="Region">INSEE code of the region.</param>
/// <param name="Place">1 to 200 characters.</param>
/// <param name="Invited">FINESS numbers, of legal entities or sites.</param>
public sealed record MeetingRequest(DateOnly Day, string? Region, string? Place, IReadOnlyList<string>? Invited);

/// <summary>A regional meeting.</summary>
/// <param name="Day">Its day.</param>
/// <param name="Region">INSEE code of the region.</param>
/// <param name="Place">Town, hospital.</param>
/// <param name="Invited">How many were invited.</param>
/// <param name="EquippedBefore">Of them, equipped by that day.</param>
/// <param name="EquippedSince">Of them, equipped after it.</param>
public sealed record RegionalMeeting(DateOnly Day, string Region, string Place, int Invited, int EquippedBefore, int EquippedSince);

/// <summary>What an imported file says. The phases it names have these targets and no others.</summary>
/// <param name="Targets">In the file.</param>
/// <param name="Sites">Of them.</param>
/// <param name="Removed">Targets that these phases had and the file has not.</param>
/// <param name="WithoutSites">Targets that no line gives a site: no answer can equip them.</param>
/// <param name="Warnings">The first hundred of these, each by its first line.</param>
public sealed record TargetsImported(int Targets, int Sites, int Removed, int WithoutSites, IReadOnlyList<TargetFault> Warnings);

/// <summary>What is wrong with a line of a file.</summary>
/// <param name="Line">Of the file, the header being 1.</param>
/// <param name="Field">Name of the column.</param>
/// <param name="Code">Stable.</param>
/// <param name="Message">For people.</param>
public sealed record TargetFault(int Line, string Field, string Code, string Message);

/// <summary>How far a campaign is.</summary>
/// <param name="Campaign">Its id.</param>
/// <param name="On">Day that counts.</param>
/// <param name="Frozen">As it was written at the end of that month; otherwise calculated now.</param>
/// <param name="Phases">In their order.</param>
public sealed record CampaignRates(Guid Campaign, DateOnly On, bool Frozen, IReadOnlyList<PhaseRates> Phases);

/// <summary>How far a phase is.</summary>
/// <param name="Number">Of the phase.</param>
/// <param name="Name">For people.</param>
/// <param name="Targets">What its targets are.</param>
/// <param name="All">Of the whole phase.</param>
/// <param name="Departments">By département.</param>
/// <param name="Regions">By region, INSEE code.</param>
/// <param name="WithoutSites">Targets that the imported file gave no site, as of now: no answer can equip them.</param>
public sealed record PhaseRates(
    int Number, string Name, TargetKind Targets, EquipmentRate All, IReadOnlyList<EquipmentRate> Departments, IReadOnlyList<EquipmentRate> Regions, int WithoutSites = 0);

/// <summary>Equipped: has had an answer.</summary>
/// <param name="Code">Of the département or region; null for all.</param>
/// <param name="Targets">How many are to be.</param>
/// <param name="Equipped">How many are.</param>
/// <param name="Percent">To one decimal; null without targets.</param>
public sealed record EquipmentRate(string? Code, int Targets, int Equipped, double? Percent);

/// <summary>A target.</summary>
/// <param name="Finess">Of the legal entity or the site.</param>
/// <param name="Name">As imported.</param>
/// <param name="Department">Code.</param>
/// <param name="Sites">FINESS géographiques whose consultations count for it.</param>
/// <param name="EquippedOn">Day of the first answer, or as imported where that is earlier; null: not yet.</param>
/// <param name="Functions">Since when each function is.</param>
/// <param name="LastDay">Of the last answer; null: none that is counted here.</param>
public sealed record CampaignTarget(
    string Finess, string Name, string Department, IReadOnlyList<string> Sites, DateOnly? EquippedOn, IReadOnlyDictionary<string, DateOnly> Functions, DateOnly? LastDay);

/// <summary>An establishment that fell silent.</summary>
/// <param name="Establishment">FINESS géographique.</param>
/// <param name="Department">Code.</param>
/// <param name="Group">Hospital group's id; empty when none.</param>
/// <param name="FirstDay">Of its first answer; null: none is counted, a campaign's file says that it was equipped.</param>
/// <param name="LastDay">Of its last one; null: none is counted.</param>
/// <param name="Days">Since then; without a last day, since it was equipped as the file says.</param>
public sealed record SilentEstablishment(string Establishment, string Department, string Group, DateOnly? FirstDay, DateOnly? LastDay, int Days);
