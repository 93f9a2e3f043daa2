using System.Text.Json.Serialization;

namespace Cdr.Contracts.Support;

/// <summary>What a ticket is about.</summary>
[JsonConverter(typeof(WireName<TicketKind>))]
public enum TicketKind
{
    /// <summary>Installation, malfunction, unavailability: shows no rights.</summary>
    Technical,

    /// <summary>How the service is used.</summary>
    UsageHelp,

    /// <summary>A regime shows something else than the card or the paper does. The hotline transfers it and does not resolve it.</summary>
    DataInconsistency,
}

/// <summary>Where a ticket is.</summary>
[JsonConverter(typeof(WireName<TicketState>))]
public enum TicketState
{
    /// <summary>Inside the establishment: a clerk began it, the referent completes and sends it.</summary>
    Draft,

    /// <summary>The hotline has it, nobody took it yet.</summary>
    New,

    /// <summary>Somebody of the hotline has it.</summary>
    InProgress,

    /// <summary>The establishment was asked something.</summary>
    WaitingForRequester,

    /// <summary>The organism that manages the file has it.</summary>
    Transferred,

    /// <summary>The hotline holds it solved; the establishment may say otherwise.</summary>
    Solved,

    /// <summary>Over.</summary>
    Closed,

    /// <summary>Another ticket goes on for it.</summary>
    Merged,

    /// <summary>Never sent: given up by the establishment.</summary>
    Abandoned,
}

/// <summary>Made of impact and urgency.</summary>
[JsonConverter(typeof(WireName<TicketPriority>))]
public enum TicketPriority
{
    /// <summary>An establishment cannot work.</summary>
    Critical,

    /// <summary>Before the others.</summary>
    High,

    /// <summary>In its turn.</summary>
    Normal,

    /// <summary>When there is time.</summary>
    Low,
}

/// <summary>Whom it touches.</summary>
[JsonConverter(typeof(WireName<TicketImpact>))]
public enum TicketImpact
{
    /// <summary>One person or file.</summary>
    One,

    /// <summary>A unit.</summary>
    Unit,

    /// <summary>The establishment, or more.</summary>
    Establishment,
}

/// <summary>How long it can wait.</summary>
[JsonConverter(typeof(WireName<TicketUrgency>))]
public enum TicketUrgency
{
    /// <summary>Work goes on otherwise.</summary>
    Low,

    /// <summary>Work is slowed.</summary>
    Normal,

    /// <summary>A patient or an invoice waits.</summary>
    High,
}

/// <summary>Who is waited for: whose clock runs.</summary>
[JsonConverter(typeof(WireName<WaitsFor>))]
public enum WaitsFor
{
    /// <summary>Nobody: not sent yet, or solved.</summary>
    Nobody,

    /// <summary>The hotline.</summary>
    Hotline,

    /// <summary>The establishment.</summary>
    Requester,

    /// <summary>The organism.</summary>
    Organism,
}

/// <summary>What a clock measures.</summary>
[JsonConverter(typeof(WireName<ClockKind>))]
public enum ClockKind
{
    /// <summary>From reception to the hotline's first words.</summary>
    FirstAnswer,

    /// <summary>From reception to the solution, without what others took.</summary>
    Resolution,

    /// <summary>From a transfer to that organism's answer.</summary>
    OrganismAnswer,
}
