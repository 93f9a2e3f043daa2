namespace Cdr.Portal.Tickets;

/// <summary>Numbers and times of tickets as they are said.</summary>
internal static class TicketWords
{
    private const int Digits = 9;

    /// <summary>In three groups, as on the telephone.</summary>
    public static string Number(string number) => number.Length == Digits ? $"{number[..3]}\u00a0{number[3..6]}\u00a0{number[6..]}" : number;

    /// <summary>Nine digits; null for anything else: what is no number of a ticket, a NIR for example, is sent nowhere.</summary>
    public static string? Read(string typed)
    {
        var digits = string.Concat(typed.Where(one => one is not (' ' or '.' or '-' or '\u00a0' or '\u202f')));
        return digits.Length == Digits && digits.All(char.IsAsciiDigit) ? digits : null;
    }

    /// <summary>3 h 05.</summary>
    public static string Duration(int minutes) => $"{minutes / 60}\u00a0h\u00a0{minutes % 60:00}";

    /// <summary>What of its objective a clock has used: more than all of it, where it was missed.</summary>
    public static string Tone(Cdr.Contracts.Support.TicketClock clock) => clock switch
    {
        { MissedAt: not null } => "missed",
        { MetAt: not null } => "met",
        { DueAt: null } => "paused",
        _ when clock.UsedMinutes * 4 >= clock.TargetMinutes * 3 => "soon",
        _ => "running",
    };
}
