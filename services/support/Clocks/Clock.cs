using Cdr.Contracts.Support;

namespace Cdr.Support.Clocks;

/// <summary>One objective of a ticket, on its owner's hours.</summary>
internal sealed record Clock
{
    public const string HotlineOwner = "hotline";

    public required ClockKind Kind { get; init; }

    /// <summary><see cref="HotlineOwner"/>, or the organism's key: each has its own.</summary>
    public required string Owner { get; init; }

    public required BusinessHours Hours { get; init; }

    public required TimeSpan Target { get; init; }

    public required int WarnPercent { get; init; }

    /// <summary>Working time used up to <see cref="RunningSince"/>, or in all where it does not run.</summary>
    public TimeSpan Used { get; init; }

    /// <summary>Null: paused, or over.</summary>
    public DateTimeOffset? RunningSince { get; init; }

    /// <summary>What was asked is done. Null: not yet.</summary>
    public DateTimeOffset? MetAt { get; init; }

    /// <summary>When the objective was missed, under the rules of then. A later rule does not undo it.</summary>
    public DateTimeOffset? MissedAt { get; init; }

    /// <summary>Null where it does not run, or is missed already.</summary>
    public DateTimeOffset? DueAt => RunningSince is { } since && MissedAt is null ? Hours.Add(since, Target - Used) : null;

    /// <summary>Since when it is owed, or until when: what was missed stays late for as long as it runs.</summary>
    public DateTimeOffset? OwedAt => RunningSince is null ? null : MissedAt ?? DueAt;

    /// <summary>In the owner's hours, so never at midnight. In the past where that is over.</summary>
    public DateTimeOffset? WarnAt => RunningSince is { } since && MissedAt is null ? Hours.Add(since, Target * WarnPercent / 100 - Used) : null;

    public bool IsOver => MetAt is not null;

    public Clock Run(DateTimeOffset at) => IsOver || RunningSince is not null ? this : this with { RunningSince = at };

    /// <summary>What was used is kept, whatever comes next.</summary>
    public Clock Pause(DateTimeOffset at)
    {
        if (RunningSince is not { } since)
            return this;
        var used = Used + Hours.Between(since, at);
        // Nothing was left before it ran: it is missed when its owner works next, where it still runs then.
        return this with { Used = used, RunningSince = null, MissedAt = MissedAt ?? (used > Target && Hours.Add(since, Target - Used) is var due && due <= at ? due : null) };
    }

    public Clock Meet(DateTimeOffset at) => IsOver ? this : Pause(at) with { MetAt = at };

    /// <summary>Solved too early: it goes on from where it was.</summary>
    public Clock Reopen(DateTimeOffset at) => this with { MetAt = null, RunningSince = at };

    /// <summary>Other rules from now on; the time used under the old ones stays used.</summary>
    public Clock Under(DateTimeOffset at, TimeSpan target, int warnPercent, BusinessHours hours)
    {
        if (IsOver)
            return this;
        var paused = Pause(at) with { Target = target, WarnPercent = warnPercent, Hours = hours };
        return RunningSince is null ? paused : paused with { RunningSince = at };
    }
}
