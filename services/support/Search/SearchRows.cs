namespace Cdr.Support.Search;

/// <summary>Some word of a ticket, as one of 65 536 keyed numbers: many words have the same.</summary>
internal sealed class SearchTokenRow
{
    public required int Token { get; init; }

    public required Guid Ticket { get; init; }
}

/// <summary>Up to which entry a ticket is indexed, and with which key.</summary>
internal sealed class SearchMarkRow
{
    public required Guid Ticket { get; init; }

    public required int Entry { get; set; }

    public required int Key { get; set; }
}
