namespace Cdr.RegimeSimulator.Protocols;

/// <summary>Where an answer is written: JSON or XML.</summary>
internal interface IAnswerSink
{
    void Text(Member member, string value);

    void Number(Member member, int value);

    void Flag(Member member, bool value);

    /// <summary>The end of a period that has none, in a dialect that says so.</summary>
    void Null(Member member);

    void Begin(Member member);

    void End();

    void BeginList(Member member);

    void BeginItem(Member list);

    void EndList();
}
