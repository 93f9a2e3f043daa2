using Cdr.Contracts.Sessions;

namespace Cdr.Portal.Figures;

/// <summary>Who sees figures, and whose. The services decide; the pages ask for nothing that would be refused.</summary>
internal static class FigureReaders
{
    public static bool Is(string role) => SeesAll(role) || role is CdrRoles.GroupManager or CdrRoles.Referent or CdrRoles.FunctionalCorrespondent;

    /// <summary>Of the whole country, nothing masked.</summary>
    public static bool SeesAll(string role) => role is CdrRoles.Operations or CdrRoles.DataProtection or CdrRoles.Administrator;
}
