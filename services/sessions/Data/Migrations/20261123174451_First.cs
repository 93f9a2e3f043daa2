using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Sessions.Data.Migrations
{
    /// <inheritdoc />
    public partial class First : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "challenges",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Nonce = table.Column<byte[]>(type: "bytea", nullable: false),
                    Agent = table.Column<byte[]>(type: "bytea", nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    UsedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_challenges", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "groups",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_groups", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "legal_entities",
                columns: table => new
                {
                    Finess = table.Column<string>(type: "character varying(9)", maxLength: 9, nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_legal_entities", x => x.Finess);
                });

            migrationBuilder.CreateTable(
                name: "people",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Reference = table.Column<byte[]>(type: "bytea", nullable: false),
                    ReferenceKey = table.Column<int>(type: "integer", nullable: false),
                    Identifier = table.Column<byte[]>(type: "bytea", nullable: false),
                    Name = table.Column<byte[]>(type: "bytea", nullable: true),
                    LiberalPractice = table.Column<bool>(type: "boolean", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_people", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "signing_keys",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    PublicKey = table.Column<byte[]>(type: "bytea", nullable: false),
                    PrivateKey = table.Column<byte[]>(type: "bytea", nullable: false),
                    SignsFrom = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    PublishedUntil = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_signing_keys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "spent_assertions",
                columns: table => new
                {
                    Id = table.Column<byte[]>(type: "bytea", nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_spent_assertions", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "establishments",
                columns: table => new
                {
                    Finess = table.Column<string>(type: "character varying(9)", maxLength: 9, nullable: false),
                    LegalEntityFiness = table.Column<string>(type: "character varying(9)", nullable: false),
                    Category = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    Department = table.Column<string>(type: "character varying(3)", maxLength: 3, nullable: false),
                    GroupId = table.Column<string>(type: "character varying(64)", nullable: true),
                    Name = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_establishments", x => x.Finess);
                    table.ForeignKey(
                        name: "FK_establishments_groups_GroupId",
                        column: x => x.GroupId,
                        principalTable: "groups",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_establishments_legal_entities_LegalEntityFiness",
                        column: x => x.LegalEntityFiness,
                        principalTable: "legal_entities",
                        principalColumn: "Finess",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "tickets",
                columns: table => new
                {
                    Hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    UsedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Card_Agent = table.Column<byte[]>(type: "bytea", nullable: false),
                    Card_EndsAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Card_Issuer = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Card_Kind = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Card_Serial = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tickets", x => x.Hash);
                    table.ForeignKey(
                        name: "FK_tickets_people_PersonId",
                        column: x => x.PersonId,
                        principalTable: "people",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "units",
                columns: table => new
                {
                    EstablishmentFiness = table.Column<string>(type: "character varying(9)", nullable: false),
                    Code = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Function = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_units", x => new { x.EstablishmentFiness, x.Code });
                    table.ForeignKey(
                        name: "FK_units_establishments_EstablishmentFiness",
                        column: x => x.EstablishmentFiness,
                        principalTable: "establishments",
                        principalColumn: "Finess",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "habilitations",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    Key = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    Role = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    EstablishmentFiness = table.Column<string>(type: "character varying(9)", nullable: true),
                    Unit = table.Column<string>(type: "character varying(64)", nullable: true),
                    Function = table.Column<string>(type: "text", nullable: true),
                    GroupId = table.Column<string>(type: "character varying(64)", nullable: true),
                    Regime = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    Origin = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    Until = table.Column<DateOnly>(type: "date", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_habilitations", x => x.Id);
                    table.ForeignKey(
                        name: "FK_habilitations_establishments_EstablishmentFiness",
                        column: x => x.EstablishmentFiness,
                        principalTable: "establishments",
                        principalColumn: "Finess",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_habilitations_groups_GroupId",
                        column: x => x.GroupId,
                        principalTable: "groups",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_habilitations_people_PersonId",
                        column: x => x.PersonId,
                        principalTable: "people",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_habilitations_units_EstablishmentFiness_Unit",
                        columns: x => new { x.EstablishmentFiness, x.Unit },
                        principalTable: "units",
                        principalColumns: new[] { "EstablishmentFiness", "Code" },
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "sessions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    HabilitationId = table.Column<Guid>(type: "uuid", nullable: false),
                    Ticket = table.Column<byte[]>(type: "bytea", nullable: false),
                    Renewal = table.Column<byte[]>(type: "bytea", nullable: false),
                    StartedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    SeenAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    EndsAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    EndedBecause = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    CopyDueAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Card_Agent = table.Column<byte[]>(type: "bytea", nullable: false),
                    Card_EndsAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Card_Issuer = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Card_Kind = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Card_Serial = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sessions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_sessions_habilitations_HabilitationId",
                        column: x => x.HabilitationId,
                        principalTable: "habilitations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_sessions_people_PersonId",
                        column: x => x.PersonId,
                        principalTable: "people",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_challenges_ExpiresAt",
                table: "challenges",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_establishments_GroupId",
                table: "establishments",
                column: "GroupId");

            migrationBuilder.CreateIndex(
                name: "IX_establishments_LegalEntityFiness",
                table: "establishments",
                column: "LegalEntityFiness");

            migrationBuilder.CreateIndex(
                name: "IX_habilitations_EstablishmentFiness_Unit",
                table: "habilitations",
                columns: new[] { "EstablishmentFiness", "Unit" });

            migrationBuilder.CreateIndex(
                name: "IX_habilitations_GroupId",
                table: "habilitations",
                column: "GroupId");

            migrationBuilder.CreateIndex(
                name: "IX_habilitations_PersonId_Key",
                table: "habilitations",
                columns: new[] { "PersonId", "Key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_people_Reference",
                table: "people",
                column: "Reference",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sessions_CopyDueAt",
                table: "sessions",
                column: "CopyDueAt");

            migrationBuilder.CreateIndex(
                name: "IX_sessions_EndedAt_EndsAt",
                table: "sessions",
                columns: new[] { "EndedAt", "EndsAt" });

            migrationBuilder.CreateIndex(
                name: "IX_sessions_HabilitationId",
                table: "sessions",
                column: "HabilitationId");

            migrationBuilder.CreateIndex(
                name: "IX_sessions_PersonId",
                table: "sessions",
                column: "PersonId");

            migrationBuilder.CreateIndex(
                name: "IX_sessions_Ticket",
                table: "sessions",
                column: "Ticket",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_spent_assertions_ExpiresAt",
                table: "spent_assertions",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_ExpiresAt",
                table: "tickets",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_tickets_PersonId",
                table: "tickets",
                column: "PersonId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "challenges");

            migrationBuilder.DropTable(
                name: "sessions");

            migrationBuilder.DropTable(
                name: "signing_keys");

            migrationBuilder.DropTable(
                name: "spent_assertions");

            migrationBuilder.DropTable(
                name: "tickets");

            migrationBuilder.DropTable(
                name: "habilitations");

            migrationBuilder.DropTable(
                name: "people");

            migrationBuilder.DropTable(
                name: "units");

            migrationBuilder.DropTable(
                name: "establishments");

            migrationBuilder.DropTable(
                name: "groups");

            migrationBuilder.DropTable(
                name: "legal_entities");
        }
    }
}
