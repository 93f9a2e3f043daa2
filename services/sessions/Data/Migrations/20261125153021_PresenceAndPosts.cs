using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Sessions.Data.Migrations
{
    /// <inheritdoc />
    public partial class PresenceAndPosts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<byte[]>(
                name: "Card_AgentKey",
                table: "tickets",
                type: "bytea",
                nullable: false,
                defaultValue: new byte[0]);

            migrationBuilder.AddColumn<long>(
                name: "Card_Insertion",
                table: "tickets",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "PostId",
                table: "tickets",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "SessionId",
                table: "tickets",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            migrationBuilder.AddColumn<byte[]>(
                name: "Card_AgentKey",
                table: "sessions",
                type: "bytea",
                nullable: false,
                defaultValue: new byte[0]);

            migrationBuilder.AddColumn<long>(
                name: "Card_Insertion",
                table: "sessions",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "habilitation_changes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ActorId = table.Column<Guid>(type: "uuid", nullable: false),
                    ActorRole = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    HabilitationId = table.Column<Guid>(type: "uuid", nullable: false),
                    Role = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    EstablishmentFiness = table.Column<string>(type: "character varying(9)", maxLength: 9, nullable: true),
                    What = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    Until = table.Column<DateOnly>(type: "date", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_habilitation_changes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_habilitation_changes_habilitations_HabilitationId",
                        column: x => x.HabilitationId,
                        principalTable: "habilitations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "posts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    EstablishmentFiness = table.Column<string>(type: "character varying(9)", nullable: true),
                    Label = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    ReportedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Report = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_posts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_posts_establishments_EstablishmentFiness",
                        column: x => x.EstablishmentFiness,
                        principalTable: "establishments",
                        principalColumn: "Finess",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "terms_acceptances",
                columns: table => new
                {
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    Version = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    AcceptedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_terms_acceptances", x => new { x.PersonId, x.Version });
                    table.ForeignKey(
                        name: "FK_terms_acceptances_people_PersonId",
                        column: x => x.PersonId,
                        principalTable: "people",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "post_cards",
                columns: table => new
                {
                    PostId = table.Column<string>(type: "character varying(64)", nullable: false),
                    Pki = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    SeenAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_post_cards", x => new { x.PostId, x.Pki });
                    table.ForeignKey(
                        name: "FK_post_cards_posts_PostId",
                        column: x => x.PostId,
                        principalTable: "posts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_tickets_SessionId",
                table: "tickets",
                column: "SessionId");

            migrationBuilder.CreateIndex(
                name: "IX_habilitation_changes_EstablishmentFiness_Id",
                table: "habilitation_changes",
                columns: new[] { "EstablishmentFiness", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_habilitation_changes_HabilitationId",
                table: "habilitation_changes",
                column: "HabilitationId");

            migrationBuilder.CreateIndex(
                name: "IX_posts_EstablishmentFiness",
                table: "posts",
                column: "EstablishmentFiness");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "habilitation_changes");

            migrationBuilder.DropTable(
                name: "post_cards");

            migrationBuilder.DropTable(
                name: "terms_acceptances");

            migrationBuilder.DropTable(
                name: "posts");

            migrationBuilder.DropIndex(
                name: "IX_tickets_SessionId",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "Card_AgentKey",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "Card_Insertion",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "PostId",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "SessionId",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "Card_AgentKey",
                table: "sessions");

            migrationBuilder.DropColumn(
                name: "Card_Insertion",
                table: "sessions");
        }
    }
}
