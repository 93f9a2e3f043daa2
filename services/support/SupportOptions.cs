using System.ComponentModel.DataAnnotations;
using Cdr.Support.Clocks;

namespace Cdr.Support;

/// <summary>Hours and objectives. A change becomes a new version, dated from the start that first knows it; open tickets go on under it.</summary>
internal sealed class SupportOptions
{
    public const string Section = "Support";

    /// <value>Hours of the hotline, days from 1 (Monday) to 7. Default <c>1-5 08:30-17:30</c>; several intervals and weeks: <c>1-4 08:30-12:00 13:30-17:30; 5 08:30-12:00</c>.</value>
    [Required]
    public string HotlineHours { get; init; } = BusinessHours.DefaultWeek;

    /// <value>Département whose holidays the hotline has. Default: those of the whole country.</value>
    public string HotlinePlace { get; init; } = "";

    /// <value>A clock warns when so many percent of its objective are used. Default 75.</value>
    [Range(1, 99)]
    public int WarnPercent { get; init; } = 75;

    /// <value>First answer of a normal ticket, in working hours: a quarter for a critical one, half for a high one, the double for a low one. Default 4 h.</value>
    [Range(typeof(TimeSpan), "00:10:00", "10.00:00:00")]
    public TimeSpan FirstAnswer { get; init; } = TimeSpan.FromHours(4);

    /// <value>Its resolution, without what others take. Default 18 h: two days.</value>
    [Range(typeof(TimeSpan), "00:10:00", "30.00:00:00")]
    public TimeSpan Resolution { get; init; } = TimeSpan.FromHours(18);

    /// <value>An organism's answer, in its own hours. Default 27 h: three days.</value>
    [Range(typeof(TimeSpan), "00:10:00", "30.00:00:00")]
    public TimeSpan OrganismAnswer { get; init; } = TimeSpan.FromHours(27);

    /// <value>Address of the installation's clamd, <c>host:port</c>, that every attachment is shown to. Default: none.</value>
    [RegularExpression(@"[A-Za-z0-9.\-]+:[0-9]{1,5}")]
    public string? MalwareScanner { get; init; }

    /// <value>A table of destination organisms that is imported at the start where none ever was. Default: none.</value>
    public string? OrganismFile { get; init; }

    /// <value>Time between two looks at what is due. Default 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan WatchEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <value>Time between two looks for messages that were left untold. Default 1 s: what is written here is told at once.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan TellEvery { get; init; } = TimeSpan.FromSeconds(1);
}
