using System.Buffers.Binary;
using Cdr.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cdr.Support.Tickets;

/// <summary>Ids that callers choose. Lists and bells are in the order of their ids, so an id says about what time it is.</summary>
internal static class ChosenId
{
    /// <summary>A clock may be wrong, and a request may have waited; a day is neither.</summary>
    public static readonly TimeSpan MostOff = TimeSpan.FromDays(1);

    /// <summary>Null where it may be chosen.</summary>
    public static ProblemHttpResult? Refuse(Guid? id, DateTimeOffset now)
    {
        if (id is not { } chosen)
            return null;
        if (chosen.Version != 7)
            return NotV7();
        var off = Milliseconds(chosen) - now.ToUnixTimeMilliseconds();
        return Math.Abs(off) <= MostOff.TotalMilliseconds
            ? null
            : Problems.Invalid("id", "id-of-another-time", "L'identifiant choisi dit une heure à plus d'un jour de la nôtre.", "Un UUID de version 7 commence par l'heure où il est fait : mettez l'horloge du poste à l'heure, et faites-en un autre.");
    }

    public static ProblemHttpResult NotV7() => Problems.Invalid("id", "id-not-v7", "L'identifiant choisi doit être un UUID de version 7.");

    // RFC 9562: the first 48 bits, up to a year that no date here has.
    private static long Milliseconds(Guid id) => (long)(BinaryPrimitives.ReadUInt64BigEndian(id.ToByteArray(bigEndian: true)) >> 16);
}
