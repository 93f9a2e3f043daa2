using System.ComponentModel.DataAnnotations;
using Cdr.Sessions.Data;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Terms;

/// <summary>The terms of use that each holder accepts once a version.</summary>
internal sealed class TermsOptions
{
    public const string Section = "Sessions:Terms";

    /// <value>Version in force; raised when the text changes. Default none: nothing is to be accepted.</value>
    [StringLength(64, MinimumLength = 1)]
    public string? Version { get; init; }

    /// <value>File of their text, plain, in French. Needed with a version.</value>
    public string? File { get; init; }

    /// <value>How long a ticket waits for its holder to read, from its issue and however often it is tried. Default 10 min: the card stays inserted meanwhile.</value>
    [Range(typeof(TimeSpan), "00:01:00", "00:15:00")]
    public TimeSpan ReadingTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether that person has accepted them already, or there is nothing to accept.</summary>
    public async Task<bool> AreAcceptedAsync(SessionsDb db, Guid person, CancellationToken cancellationToken) =>
        Version is not { } version || await db.TermsAcceptances.AnyAsync(acceptance => acceptance.PersonId == person && acceptance.Version == version, cancellationToken);
}
