//! Names → fields, relations and rows.

use std::sync::Arc;

use super::super::glue::unglue;
use super::super::parser::meant_word;
use super::super::signatures::Callee;
use super::super::syntax::{Expr, Name};
use super::super::{Base, FieldPath, Node, Op, Rows, Type};
use super::{About, Checker};
use crate::lang::Bilingual;
use crate::ledger::{FieldId, FieldType, KindId, Kinds, LedgerKind, RelationId};
use crate::rules::nearest::nearest;
use crate::rules::problem::Problem;

/// The name of the members of the group.
pub(super) const GROUP: &str = "组";
/// The name of all records of the ledger.
pub(super) const ALL: &str = "全体";

/// The rows that the enclosing aggregate runs over.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    /// The name that paths into the rows begin with.
    pub(super) name: String,
    /// The rows; `None` where the kind that is checked has no such relation, so that they are absent.
    pub(super) rows: Option<Rows>,
    /// The kinds that the rows can be of.
    pub(super) kinds: Vec<KindId>,
}

/// A relation found by its name.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Its id in the kind that is checked; `None` where only another ledger of the rule has it.
    pub(super) id: Option<RelationId>,
    /// The kinds it leads to.
    pub(super) to: Vec<KindId>,
    /// Whether several matches are meant.
    pub(super) many: bool,
}

/// The type of a field's value.
pub(crate) fn field_type(kind: KindId, field: FieldId, kinds: &Kinds) -> Type {
    match kinds.get(kind).field(field).ty {
        FieldType::Text | FieldType::Party | FieldType::Id => Type::Text,
        FieldType::Number | FieldType::Percent => Type::Number,
        FieldType::Money => Type::Money,
        FieldType::Date => Type::Date,
        FieldType::Period | FieldType::Vote => Type::Period,
        FieldType::Length => Type::Duration,
        FieldType::Flag => Type::Flag,
        FieldType::Choice => Type::Choice(kind, field),
    }
}

impl Checker<'_> {
    /// A relation of the kind that is checked, else of another ledger of the rule.
    pub(super) fn relation(&self, name: &str) -> Option<Found> {
        let kinds = self.place.names.kinds;
        let of = |kind: KindId| {
            let kind = kinds.get(kind);
            kind.find_relation(name).map(|id| (id, kind.relation(id)))
        };
        if let Some((id, relation)) = of(self.place.kind) {
            return Some(Found {
                id: Some(id),
                to: relation.to.clone(),
                many: relation.many,
            });
        }
        self.place.ledgers.iter().find_map(|&kind| {
            of(kind).map(|(_, relation)| Found {
                id: None,
                to: relation.to.clone(),
                many: relation.many,
            })
        })
    }

    /// A path that stands for a value.
    pub(super) fn path(&mut self, expr: &Expr, path: &[Name]) -> Option<Node> {
        let first = &path[0];
        if let Some(bound) = self.bound.clone()
            && first.text == bound.name
            && (path.len() > 1 || self.field_of_record(&first.text).is_none())
        {
            return self.bound_path(expr, path, &bound);
        }
        if (first.text == GROUP || first.text == ALL) && self.rows_outside(expr, path) {
            return None;
        }
        if path.len() == 1 {
            return self.own_field(expr, first);
        }
        self.related_field(expr, path)
    }

    /// 组 or 全体 outside an aggregate, unless it is the name of a field.
    fn rows_outside(&mut self, expr: &Expr, path: &[Name]) -> bool {
        if self.field_of_record(&path[0].text).is_some() {
            return false;
        }
        let written = self.slice(expr.span);
        let rows = &path[0].text;
        let problem = Problem::new(
            expr.span.range(),
            Bilingual::new(
                format!("{rows}有许多行，{written} 不是一个值"),
                format!("{rows} is many rows; {written} is not one value"),
            ),
        );
        let problem = if self.bound.is_some() {
            problem.help(
                "一个聚合里只能走一种行",
                "an aggregate runs over one kind of rows only",
            )
        } else if path.len() > 1 {
            problem.help(
                format!("写 合计({written})、最大({written}) 或 种数({written}) 等"),
                format!("write 合计({written}), 最大({written}) or 种数({written})"),
            )
        } else {
            problem.help(
                format!("写 计数({rows}) 或 合计({rows}.合同金额)"),
                format!("write 计数({rows}) or 合计({rows}.合同金额)"),
            )
        };
        self.problems.push(problem);
        true
    }

    /// The field of a name in the kind that is checked, else in another ledger of the rule.
    fn field_of_record(&self, name: &str) -> Option<(KindId, FieldId)> {
        let kinds = self.place.names.kinds;
        std::iter::once(self.place.kind)
            .chain(self.place.ledgers.iter().copied())
            .find_map(|kind| kinds.get(kind).find(name).map(|field| (kind, field)))
    }

    /// A field of the record itself.
    fn own_field(&mut self, expr: &Expr, name: &Name) -> Option<Node> {
        let Some((kind, field)) = self.field_of_record(&name.text) else {
            return self.unknown_field(name, &[self.place.kind], true);
        };
        if let About::Group(by) = self.place.about
            && self.bound.is_none()
            && !by.contains(&name.text)
        {
            let name = &name.text;
            return self.problem(
                Problem::new(
                    expr.span.range(),
                    Bilingual::new(
                        format!("按组判断时，{name} 每个成员各有一个"),
                        format!("in a group, each member has its own {name}"),
                    ),
                )
                .help(
                    format!("写 合计(组.{name})、最大(组.{name})、最小(组.{name}) 等；或者把 {name} 放进 group 的 by"),
                    format!("write 合计(组.{name}), 最大(组.{name}), 最小(组.{name}), or put {name} into the group's by"),
                ),
            );
        }
        let ty = field_type(kind, field, self.place.names.kinds);
        let fields = if kind == self.place.kind {
            vec![(kind, field)]
        } else {
            Vec::new()
        };
        self.node(
            expr,
            ty,
            Op::Field(FieldPath {
                base: Base::Record,
                hop: Vec::new(),
                relation: Arc::from(""),
                fields,
                name: Arc::from(name.text.as_str()),
            }),
        )
    }

    /// `relation.field`
    fn related_field(&mut self, expr: &Expr, path: &[Name]) -> Option<Node> {
        let (first, field) = (&path[0], &path[1]);
        let Some(found) = self.relation(&first.text) else {
            return self.unknown_relation(first, &[self.place.kind]);
        };
        if found.many {
            let written = self.slice(expr.span);
            let name = &first.text;
            return self.problem(
                Problem::new(
                    expr.span.range(),
                    Bilingual::new(
                        format!("{name}可能有许多笔，{written} 不是一个值"),
                        format!("{name} can be many rows; {written} is not one value"),
                    ),
                )
                .help(
                    format!(
                        "写 合计({written})、最大({written}) 或 存在({name} 当 {written} …) 等"
                    ),
                    format!(
                        "write 合计({written}), 最大({written}) or 存在({name} 当 {written} …)"
                    ),
                ),
            );
        }
        if path.len() > 2 {
            return self.too_long(path);
        }
        if let About::Group(_) = self.place.about
            && self.bound.is_none()
        {
            let written = self.slice(expr.span);
            return self.problem(
                Problem::new(
                    expr.span.range(),
                    Bilingual::new(
                        format!("按组判断时，{written} 每个成员各有一个"),
                        format!("in a group, each member has its own {written}"),
                    ),
                )
                .help(
                    format!("写 最大(组.{written}) 或 最小(组.{written})"),
                    format!("write 最大(组.{written}) or 最小(组.{written})"),
                ),
            );
        }
        let (fields, ty) = self.fields_of(field, &found.to)?;
        let (hop, fields) = match found.id {
            Some(id) => (vec![(self.place.kind, id)], fields),
            None => (Vec::new(), Vec::new()),
        };
        self.node(
            expr,
            ty,
            Op::Field(FieldPath {
                base: Base::Record,
                hop,
                relation: Arc::from(first.text.as_str()),
                fields,
                name: Arc::from(field.text.as_str()),
            }),
        )
    }

    /// A path into the rows of the enclosing aggregate: `组.字段`, `组.关联.字段`, `付款.字段`.
    fn bound_path(&mut self, expr: &Expr, path: &[Name], bound: &Bound) -> Option<Node> {
        let rows = &bound.name;
        let (hop, relation, field, ends) = match path {
            [_] => {
                return self.problem(
                    Problem::new(
                        expr.span.range(),
                        Bilingual::new(
                            format!("{rows} 是行，不是一个值"),
                            format!("{rows} is rows, not a value"),
                        ),
                    )
                    .help(
                        format!("写 {rows}.字段，例如 {rows}.合同金额"),
                        format!("write {rows}.field, for example {rows}.合同金额"),
                    ),
                );
            }
            [_, field] => (Vec::new(), "", field, bound.kinds.clone()),
            [_, relation, field] => {
                let kinds = self.place.names.kinds;
                let mut hop = Vec::new();
                let mut ends: Vec<KindId> = Vec::new();
                for &kind in &bound.kinds {
                    let Some(id) = kinds.get(kind).find_relation(&relation.text) else {
                        continue;
                    };
                    let link = kinds.get(kind).relation(id);
                    if link.many {
                        let name = &relation.text;
                        return self.problem(
                            Problem::new(
                                relation.span.range(),
                                Bilingual::new(
                                    format!("{rows} 后面只能接一对一的关联，{name}可能有许多笔"),
                                    format!("only a to-one relation may follow {rows}; {name} can be many rows"),
                                ),
                            )
                            .help(
                                format!("改在 {name} 台账上写这条规则，用 group 汇总"),
                                format!("write the rule on the ledger {name}, with a group"),
                            ),
                        );
                    }
                    hop.push((kind, id));
                    for &to in &link.to {
                        if !ends.contains(&to) {
                            ends.push(to);
                        }
                    }
                }
                if hop.is_empty() {
                    return self.unknown_relation(relation, &bound.kinds);
                }
                (hop, relation.text.as_str(), field, ends)
            }
            _ => return self.too_long(path),
        };
        let (fields, ty) = self.fields_of(field, &ends)?;
        self.node(
            expr,
            ty,
            Op::Field(FieldPath {
                base: Base::Bound,
                hop,
                relation: Arc::from(relation),
                fields,
                name: Arc::from(field.text.as_str()),
            }),
        )
    }

    fn too_long(&mut self, path: &[Name]) -> Option<Node> {
        let span = path[0].span.to(path[path.len() - 1].span);
        self.wrong(
            span,
            "名称接得太长：关联后面只能接字段，组、全体和许多笔的关联后面可以再接一个一对一的关联",
            "the path is too long: a field follows a relation; one to-one relation may follow 组, 全体 and to-many relations",
        )
    }

    /// The field of a name in each of the kinds, and its type.
    fn fields_of(
        &mut self,
        name: &Name,
        kinds_there: &[KindId],
    ) -> Option<(Vec<(KindId, FieldId)>, Type)> {
        let kinds = self.place.names.kinds;
        let fields: Vec<(KindId, FieldId)> = kinds_there
            .iter()
            .filter_map(|&kind| kinds.get(kind).find(&name.text).map(|field| (kind, field)))
            .collect();
        let Some(&(kind, field)) = fields.first() else {
            self.unknown_field(name, kinds_there, false);
            return None;
        };
        let ty = field_type(kind, field, kinds);
        for &(other, field) in &fields {
            if !self.same_type(&ty, &field_type(other, field, kinds)) {
                let (a, b) = (&kinds.get(kind).name, &kinds.get(other).name);
                let field = &name.text;
                self.wrong(
                    name.span,
                    format!("{field} 在{a}和{b}里不是同一种字段"),
                    format!("{field} is not the same kind of field in {a} and {b}"),
                );
                return None;
            }
        }
        Some((fields, ty))
    }

    fn unknown_field(&mut self, name: &Name, kinds_there: &[KindId], own: bool) -> Option<Node> {
        let kinds = self.place.names.kinds;
        let span = name.span.range();
        let written = &name.text;
        let searched = if own && !self.place.ledgers.is_empty() {
            self.place.ledgers
        } else {
            kinds_there
        };
        let there: Vec<&LedgerKind> = searched.iter().map(|&kind| &**kinds.get(kind)).collect();
        let fields = || {
            there
                .iter()
                .flat_map(|kind| &kind.fields)
                .map(|field| field.name.as_str())
        };
        let relations = || {
            there
                .iter()
                .flat_map(|kind| &kind.relations)
                .map(|relation| relation.name.as_str())
        };
        let ledgers: Vec<&str> = there.iter().map(|kind| kind.name.as_str()).collect();
        let ledgers = ledgers.join("、");
        let problem = Problem::new(
            span.clone(),
            Bilingual::new(
                format!("{ledgers}没有“{written}”这个字段"),
                format!("{ledgers} has no field “{written}”"),
            ),
        );
        if !own {
            return self.problem(match nearest(written, fields()) {
                Some(near) => problem.replace(span, near),
                None => problem,
            });
        }
        let known = |word: &str| {
            fields().chain(relations()).any(|name| name == word)
                || word == GROUP
                || word == ALL
                || word.chars().all(|c| c.is_ascii_digit())
        };
        if let Some(glued) = unglue(written, &known) {
            return self.problem(glued.problem(span));
        }
        if relations().any(|name| name == written) {
            return self.problem(
                Problem::new(
                    span,
                    Bilingual::new(
                        format!("{written} 是关联的台账，不是字段"),
                        format!("{written} is a related ledger, not a field"),
                    ),
                )
                .help(
                    format!("写 存在({written}) 或 {written}.字段"),
                    format!("write 存在({written}) or {written}.field"),
                ),
            );
        }
        let meant = self.meant(problem.clone(), name, &there);
        let problem = meant.unwrap_or_else(|| {
            match (nearest(written, fields()), Callee::find(written)) {
                (Some(near), _) => problem.replace(span, near),
                (None, Some(callee)) => {
                    let usage = callee.usage();
                    problem.help(
                        format!("它是函数：写 {usage}"),
                        format!("it is a function: write {usage}"),
                    )
                }
                (None, None) => problem.help(
                    format!("要用新字段，在 rules/ledgers/ 的{ledgers}里加 [[field]]；若是文字，加双引号"),
                    format!("add a [[field]] to {ledgers} in rules/ledgers/ for a new field; put a text in double quotes"),
                ),
            }
        });
        self.problem(problem)
    }

    /// What an unknown name is surely meant to be, the surest first: a word of everyday speech, a limit, the field of a
    /// related record, a text that lacks its quotation marks. `None` where it is none of these.
    fn meant(&self, problem: Problem, name: &Name, there: &[&LedgerKind]) -> Option<Problem> {
        let kinds = self.place.names.kinds;
        let span = name.span.range();
        let written = &name.text;
        if let Some(word) = meant_word(written) {
            return Some(problem.replace(span, word));
        }
        let limits = self.place.names.limits;
        if limits.iter().any(|limit| limit.name == *written) {
            return Some(problem.replace(span, format!("限额.{written}")));
        }
        let related = there
            .iter()
            .flat_map(|kind| &kind.relations)
            .find(|relation| {
                relation
                    .to
                    .iter()
                    .any(|&to| kinds.get(to).find(written).is_some())
            });
        if let Some(relation) = related {
            let path = format!("{}.{written}", relation.name);
            return Some(if relation.many {
                problem.help(
                    format!("它是关联台账的字段：写 合计({path}) 或 最大({path}) 等"),
                    format!(
                        "it is a field of the related ledger: write 合计({path}) or 最大({path})"
                    ),
                )
            } else {
                problem.replace(span, path)
            });
        }
        let is_choice = there
            .iter()
            .flat_map(|kind| &kind.fields)
            .flat_map(|field| &field.choices)
            .any(|choice| choice.value == *written || choice.words.contains(written));
        if is_choice {
            return Some(problem.replace(span, format!("\"{written}\"")));
        }
        None
    }

    fn unknown_relation(&mut self, name: &Name, from: &[KindId]) -> Option<Node> {
        let kinds = self.place.names.kinds;
        let span = name.span.range();
        let written = &name.text;
        let there: Vec<&LedgerKind> = from
            .iter()
            .chain(self.place.ledgers)
            .map(|&kind| &**kinds.get(kind))
            .collect();
        let ledger = there.first().map_or("", |kind| kind.name.as_str());
        let mut names: Vec<&str> = there
            .iter()
            .flat_map(|kind| &kind.relations)
            .map(|relation| relation.name.as_str())
            .collect();
        names.dedup();
        let problem = Problem::new(
            span.clone(),
            Bilingual::new(
                format!("{ledger}没有名叫“{written}”的关联"),
                format!("{ledger} has no relation “{written}”"),
            ),
        );
        let problem = match nearest(written, names.iter().copied()) {
            Some(near) => problem.replace(span, near),
            None if names.is_empty() => problem,
            None => {
                let all = names.join("、");
                problem.help(format!("关联有：{all}"), format!("its relations are {all}"))
            }
        };
        self.problem(problem)
    }
}
