using System.ComponentModel.DataAnnotations;

namespace Cdr.Rights.Journal.Upkeep;

/// <summary>What the service does for its journal by itself, once a day. Section <c>Journal:Upkeep</c>. By default nothing: operations schedule the commands then.</summary>
internal sealed class UpkeepOptions
{
    public const string Section = "Journal:Upkeep";

    /// <value>Default none: no anchor is made. A folder where the journal's administrators cannot change what is written; a file a day.</value>
    public string? AnchorFolder { get; init; }

    /// <value>Default false. On PostgreSQL the service then holds the owner's role (<c>ConnectionStrings:RightsOwner</c>), which may remove records.</value>
    public bool Purge { get; init; }

    /// <value>Default 02:30, UTC.</value>
    [Range(typeof(TimeSpan), "00:00:00", "23:59:59")]
    public TimeSpan At { get; init; } = new(2, 30, 0);
}
