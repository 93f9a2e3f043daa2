using Cdr.Contracts.Support;

namespace Cdr.Support.Templates;

/// <summary>What a template is from a version on: only ever added. Plain: it names nobody.</summary>
internal sealed class TemplateRow
{
    public required Guid Id { get; init; }

    /// <value>From 1.</value>
    public required int Number { get; init; }

    public required TemplateUse Use { get; init; }

    public TicketKind? Kind { get; init; }

    public ArticleTopic? Topic { get; init; }

    public required string Title { get; init; }

    public required string Text { get; init; }

    public required bool Withdrawn { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }
}
