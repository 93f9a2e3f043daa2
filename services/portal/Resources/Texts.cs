namespace Cdr.Portal.Resources;

/// <summary>Names the resource files beside it: French first, English beside.</summary>
internal sealed class Texts;
