using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace Cdr.Usage.Queries;

/// <summary>What every question about counts may say in its address. Nothing of it names a person.</summary>
internal sealed record UsageParameters
{
    [FromQuery(Name = "from"), Description("First day (Europe/Paris), yyyy-MM-dd. Default: 29 days before the last.")]
    public string? From { get; init; }

    [FromQuery(Name = "to"), Description("Last day, included, yyyy-MM-dd. Default: today.")]
    public string? To { get; init; }

    [FromQuery(Name = "department"), Description("Code of a département.")]
    public string? Department { get; init; }

    [FromQuery(Name = "group"), Description("Id of a hospital group.")]
    public string? Group { get; init; }

    [FromQuery(Name = "establishment"), Description("FINESS géographique.")]
    public string? Establishment { get; init; }

    [FromQuery(Name = "unit"), Description("The hospital's own unit.")]
    public string? Unit { get; init; }

    [FromQuery(Name = "function"), Description("reception, emergencies, invoicing…")]
    public string? Function { get; init; }

    [FromQuery(Name = "regime"), Description("Id of the regime whose rights were shown.")]
    public string? Regime { get; init; }

    [FromQuery(Name = "reason"), Description("Id of the consultation's reason.")]
    public string? Reason { get; init; }

    [FromQuery(Name = "outcome"), Description("found, several, candidates, notFound, incomplete.")]
    public string? Outcome { get; init; }

    [FromQuery(Name = "source"), Description("live, cached, stale.")]
    public string? Source { get; init; }

    [FromQuery(Name = "scope"), Description("own (default): what the caller's role sees. country: everybody's, where numbers below 5 are masked for who does not see all.")]
    public string? Scope { get; init; }

    [FromQuery(Name = "compare"), Description("previous, year, or both with a comma: the numbers of the period before, and of the year before.")]
    public string? Compare { get; init; }

    [FromQuery(Name = "latency"), Description("true: percentiles of the duration too.")]
    public bool? WithLatency { get; init; }
}
