using System.Text.Json.Serialization;
using Cdr.Contracts;

namespace Cdr.Rights.Regimes;

/// <summary>How a regime speaks its protocol (<c>docs/regime-protocols.md</c>, Dialects).</summary>
/// <param name="Codes">Of exemptions, modulations and situations.</param>
/// <param name="OpenEnd">How a period without end is said.</param>
/// <param name="Unknown">How "unknown here" is said: said in another way, it is not believed.</param>
/// <param name="Names">Null for FHIR, which has its own.</param>
/// <param name="Dates">Null for FHIR, always ISO.</param>
/// <param name="Encoding">SOAP only.</param>
internal sealed record RegimeDialect(
    CodeSet Codes,
    OpenEndStyle OpenEnd,
    UnknownStyle Unknown,
    NameStyle? Names = null,
    DatePattern? Dates = null,
    WireEncoding? Encoding = null);

[JsonConverter(typeof(WireName<NameStyle>))]
internal enum NameStyle
{
    Camel,
    Snake,
    English,
    Pascal,
    Upper,
}

[JsonConverter(typeof(WireName<DatePattern>))]
internal enum DatePattern
{
    [JsonStringEnumMemberName("yyyy-MM-dd")]
    Iso,

    [JsonStringEnumMemberName("dd/MM/yyyy")]
    French,

    [JsonStringEnumMemberName("yyyyMMdd")]
    CompactYearFirst,

    [JsonStringEnumMemberName("ddMMyyyy")]
    CompactDayFirst,
}

[JsonConverter(typeof(WireName<CodeSet>))]
internal enum CodeSet
{
    Sfg,
    Mnemonic,
}

[JsonConverter(typeof(WireName<OpenEndStyle>))]
internal enum OpenEndStyle
{
    Absent,
    Null,

    /// <summary>31 December 9999.</summary>
    Max,
}

[JsonConverter(typeof(WireName<UnknownStyle>))]
internal enum UnknownStyle
{
    Status,

    [JsonStringEnumMemberName("not-found")]
    NotFound,
    Empty,
    Fault,
    Disposition,

    [JsonStringEnumMemberName("operation-outcome")]
    OperationOutcome,
}

[JsonConverter(typeof(WireName<WireEncoding>))]
internal enum WireEncoding
{
    [JsonStringEnumMemberName("utf-8")]
    Utf8,

    [JsonStringEnumMemberName("iso-8859-15")]
    Latin9,
}
