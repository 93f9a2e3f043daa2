namespace Cdr.Rights.Regimes.Protocols;

/// <summary>A JSON or XML answer under canonical names: either a text or members.</summary>
internal sealed class WireNode
{
    private readonly Dictionary<string, List<WireNode>> members = new(StringComparer.Ordinal);
    private readonly HashSet<string> lists = new(StringComparer.Ordinal);
    private readonly HashSet<string> nulls = new(StringComparer.Ordinal);

    private WireNode(string? text, bool emptyListsAreWritten)
    {
        Text = text;
        EmptyListsAreWritten = emptyListsAreWritten;
    }

    /// <value>Null when this holds members.</value>
    public string? Text { get; }

    private bool EmptyListsAreWritten { get; }

    public static WireNode Of(string text) => new(text, emptyListsAreWritten: false);

    /// <param name="emptyListsAreWritten">True for JSON, where a list that is missing is a fault and not "none".</param>
    public static WireNode OfMembers(bool emptyListsAreWritten) => new(null, emptyListsAreWritten);

    /// <summary>One more value of a member; several make a list.</summary>
    public void Add(string name, WireNode value)
    {
        if (members.TryGetValue(name, out var values))
            values.Add(value);
        else
            members.Add(name, [value]);
    }

    /// <summary>A whole list, maybe empty.</summary>
    public void AddList(string name, List<WireNode> values)
    {
        members.Add(name, values);
        lists.Add(name);
    }

    /// <summary>A member that is there to say that it has no value.</summary>
    public void AddNull(string name) => nulls.Add(name);

    public bool SaysNull(string name) => nulls.Contains(name);

    /// <summary>Refuses a member that has no place here.</summary>
    public WireNode Only(string what, params ReadOnlySpan<string> names)
    {
        if (Text is not null)
            throw new UnreadableAnswerException(what);
        foreach (var (name, values) in members)
            if (!names.Contains(name))
                throw new UnreadableAnswerException(what);
        return this;
    }

    public WireNode? Optional(string name) => lists.Contains(name) ? throw new UnreadableAnswerException(name) : members.GetValueOrDefault(name) switch
    {
        null or [] => null,
        [var only] => only,
        _ => throw new UnreadableAnswerException(name),
    };

    public WireNode Required(string name) => Optional(name) ?? throw new UnreadableAnswerException(name);

    public IReadOnlyList<WireNode> List(string name) =>
        members.TryGetValue(name, out var values) && lists.Contains(name) == EmptyListsAreWritten ? values
        : EmptyListsAreWritten ? throw new UnreadableAnswerException(name)
        : [];

    public string? OptionalText(string name) => Optional(name) is not { } value ? null
        : WireValues.IsText(value.Text) ? value.Text
        : throw new UnreadableAnswerException(name);

    public string RequiredText(string name) => OptionalText(name) ?? throw new UnreadableAnswerException(name);

    public bool? OptionalFlag(string name) => OptionalText(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw new UnreadableAnswerException(name),
    };
}
