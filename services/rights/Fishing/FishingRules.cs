namespace Cdr.Rights.Fishing;

/// <summary>How far it went.</summary>
internal enum Level
{
    None,
    Slowed,
    Stopped,
}

/// <summary>From the last hours to a sign. Pure.</summary>
internal static class FishingRules
{
    /// <summary>Of a card.</summary>
    /// <param name="window">With the new mark in it.</param>
    /// <param name="mark">Whom the question is about.</param>
    /// <param name="lane">A file for invoicing has many lines, in the order of the alphabet: those two are no signs there.</param>
    /// <param name="now">UTC.</param>
    /// <param name="options">Thresholds.</param>
    public static (Level Level, Sign Sign) OfCard(Window window, Mark mark, Lane lane, DateTimeOffset now, FishingOptions options)
    {
        var last = window.Last(now);
        var newborn = mark.IsNewborn ? options.NewbornFactor : 1;
        var isMostMissed = IsMost(last.Missed, last.Settled, options);
        var isNamesMissed = IsMost(last.NamesMissed, last.NamesSettled, options);
        var isAlphabet = lane == Lane.Desk && window.FollowsAlphabet;
        var worst = (Level.None, Sign.None);
        Reach(window.Sequence(mark), (long)options.SequenceToSlow * newborn, (long)options.SequenceToStop * newborn, Sign.Sequence);
        if (isAlphabet && isNamesMissed)
            Reach(last.NamesSettled, options.NamesToSlow / 2, options.NamesToStop / 2, Sign.Alphabet);
        if (isNamesMissed)
            Reach(last.NamesSettled, options.NamesToSlow, options.NamesToStop, Sign.NameList);
        if (isMostMissed)
            Reach(last.Settled, options.MissedToSlow, options.MissedToStop, Sign.NotFound);
        if (isAlphabet)
            Reach(last.Names, options.AlphabetToSlow, long.MaxValue, Sign.Alphabet);
        if (lane == Lane.Desk)
            Reach(last.Persons, options.PersonsToSlow, options.PersonsToStop, Sign.TooMany);
        return worst;

        // A clear sign comes before another of its level.
        void Reach(int count, long slow, long stop, Sign sign)
        {
            var level = count >= stop ? Level.Stopped : count >= slow ? Level.Slowed : Level.None;
            if (level > worst.Item1)
                worst = (level, sign);
        }
    }

    /// <summary>Of all cards of an establishment together. Only the numbers of one stem are ever stopped: never the house.</summary>
    public static (Level Level, Sign Sign) OfEstablishment(Window window, Mark mark, DateTimeOffset now, FishingOptions options)
    {
        var last = window.Last(now);
        var (sequence, newborn) = (window.Sequence(mark), mark.IsNewborn ? options.NewbornFactor : 1);
        // A large house sees many of a town: its cards at work have one each before it is more than chance.
        if (sequence >= Math.Max(options.SequenceToStop * (long)options.EstablishmentFactor, last.Cards) * newborn)
            return (Level.Stopped, Sign.Sequence);
        if (sequence >= Math.Max(options.SequenceToSlow * (long)options.EstablishmentFactor, last.Cards) * newborn)
            return (Level.Slowed, Sign.Sequence);
        // What many honest cards miss together is a bad day of their own: counted for each card at work.
        if (last.Settled >= (long)options.MissedToStop * Math.Max(options.EstablishmentFactor, last.Cards) && IsMost(last.Missed, last.Settled, options))
            return (Level.Slowed, Sign.NotFound);
        return last.Persons >= Math.Max(options.EstablishmentPersons, (long)options.EstablishmentPersonsACard * last.Cards) ? (Level.Slowed, Sign.TooMany) : (Level.None, Sign.None);
    }

    private static bool IsMost(int missed, int of, FishingOptions options) => of > 0 && missed >= of * options.MostMissed;
}
