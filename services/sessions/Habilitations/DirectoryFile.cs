using Cdr.Contracts.Sessions;
using Cdr.Domain;
using Cdr.Sessions.Data;

namespace Cdr.Sessions.Habilitations;

/// <summary>The directory as an operator gives it: JSON, property names in camel case.</summary>
/// <param name="Groups">Hospital groups.</param>
/// <param name="LegalEntities">FINESS juridiques, each with its establishments.</param>
/// <param name="People">Situations and grants, by national identifier.</param>
internal sealed record DirectoryFile(GroupEntry[] Groups, LegalEntityEntry[] LegalEntities, PersonEntry[] People)
{
    /// <summary>What is wrong, by its place in the file; never a person's number.</summary>
    public IEnumerable<string> Errors()
    {
        var groups = Groups.Select(group => group.Id).ToHashSet(StringComparer.Ordinal);
        var establishments = LegalEntities.SelectMany(entity => entity.Establishments).ToLookup(establishment => establishment.Finess, StringComparer.Ordinal);
        foreach (var entity in LegalEntities.Where(entity => !IsFiness(entity.Finess)))
            yield return $"legal entity {entity.Finess}: not a FINESS number";
        foreach (var establishment in establishments.SelectMany(same => same))
        {
            if (!IsFiness(establishment.Finess))
                yield return $"establishment {establishment.Finess}: not a FINESS number";
            if (establishments[establishment.Finess].Count() > 1)
                yield return $"establishment {establishment.Finess}: twice";
            if (establishment.Group is { } group && !groups.Contains(group))
                yield return $"establishment {establishment.Finess}: unknown group {group}";
        }

        for (var at = 0; at < People.Length; at++)
        {
            foreach (var (grant, index) in (People[at].Habilitations ?? []).Select((grant, index) => (grant, index)))
            {
                if (Error(grant, groups, establishments) is { } error)
                    yield return $"people[{at}].habilitations[{index}]: {error}";
            }
        }
    }

    private static string? Error(HabilitationEntry grant, HashSet<string> groups, ILookup<string, EstablishmentEntry> establishments)
    {
        if (!CdrRoles.All.Contains(grant.Role))
            return $"unknown role {grant.Role}";
        if (grant.Role is CdrRoles.Clerk or CdrRoles.Referent or CdrRoles.FunctionalCorrespondent && grant.Establishment is null)
            return "this role needs an establishment";
        if (grant.Role is CdrRoles.GroupManager && (grant.Group is null || !groups.Contains(grant.Group)))
            return "this role needs a group of the file";
        if (grant.Role is CdrRoles.RegimeAgent && !RegimeId.Parse(grant.Regime).IsValid)
            return "this role needs a regime";
        if (grant.Organism is { } organism && (grant.Role is not CdrRoles.RegimeAgent || !Habilitation.IsOrganism(organism)))
            return "an organism is an agent's of a regime, and 5 digits";
        if (grant.Establishment is { } finess && !establishments.Contains(finess))
            return $"unknown establishment {finess}";
        if (grant.Unit is { } unit && (grant.Establishment is null || establishments[grant.Establishment].First().Units?.Any(one => one.Code == unit) is not true))
            return $"unknown unit {unit}";
        return null;
    }

    private static bool IsFiness(string text) => Finess.Parse(text).TryGet(out var read, out _) && read.Value == text;
}

/// <summary>A hospital group.</summary>
internal sealed record GroupEntry(string Id, string Name);

/// <summary>A FINESS juridique.</summary>
internal sealed record LegalEntityEntry(string Finess, string Name, EstablishmentEntry[] Establishments);

/// <summary>A FINESS géographique; its département is in its number.</summary>
internal sealed record EstablishmentEntry(string Finess, string Name, string Category, string? Group, UnitEntry[]? Units);

/// <summary>A unit and its function.</summary>
internal sealed record UnitEntry(string Code, string Name, string Function);

/// <summary>A person by national identifier, its prefix before it.</summary>
internal sealed record PersonEntry(string Number, bool LiberalPractice, HabilitationEntry[]? Habilitations)
{
    /// <summary>Masked.</summary>
    public override string ToString() => nameof(PersonEntry);
}

/// <summary>A situation or a grant.</summary>
internal sealed record HabilitationEntry(string Role, string? Establishment, string? Unit, string? Group, string? Regime, DateOnly From, DateOnly? Until, string? Organism = null);
