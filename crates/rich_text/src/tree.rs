//! The nodes of a parsed body in text order, in one allocation. A node knows where its subtree
//! ends, so that walking needs neither pointers nor recursion, and dropping a deep tree cannot
//! overflow the stack.

use std::borrow::Cow;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

#[derive(Debug, PartialEq, Eq)]
struct Node<'a> {
    /// The index after the last node of its subtree.
    end: usize,
    data: Data<'a>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Data<'a> {
    Text(Cow<'a, str>),
    Element(Element<'a>),
}

/// An element: its lower-case name and its attributes as written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    pub(crate) name: Cow<'static, str>,
    /// Whether it is in the HTML namespace; SVG and MathML have elements of the same names.
    pub(crate) is_html: bool,
    pub(crate) attributes: Vec<(Cow<'static, str>, Cow<'a, str>)>,
}

impl Element<'_> {
    pub(crate) fn get(&self, wanted: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| &**value)
    }
}

/// A node of a tree.
#[derive(Clone, Copy)]
pub(crate) struct At<'t, 'a> {
    tree: &'t Tree<'a>,
    index: usize,
}

impl<'a> Tree<'a> {
    /// An empty tree with capacity for this many nodes.
    pub(crate) fn with_capacity(nodes: usize) -> Self {
        Self { nodes: Vec::with_capacity(nodes) }
    }

    /// Appends a node. It has no children unless [`Tree::close`] is called.
    pub(crate) fn push(&mut self, data: Data<'a>) -> usize {
        let index = self.nodes.len();
        self.nodes.push(Node { end: index + 1, data });
        index
    }

    /// Makes everything pushed since `index` a descendant of that node.
    pub(crate) fn close(&mut self, index: usize) {
        self.nodes[index].end = self.nodes.len();
    }

    /// The last pushed node, if it is a text.
    pub(crate) fn last_text(&mut self) -> Option<&mut Cow<'a, str>> {
        match &mut self.nodes.last_mut()?.data {
            Data::Text(text) => Some(text),
            Data::Element(_) => None,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The top-level nodes.
    pub(crate) fn top(&self) -> impl Iterator<Item = At<'_, 'a>> {
        Siblings { tree: self, next: 0, end: self.nodes.len() }
    }

    /// All elements in text order.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element<'a>> {
        self.nodes.iter().filter_map(|node| match &node.data {
            Data::Element(element) => Some(element),
            Data::Text(_) => None,
        })
    }
}

impl<'t, 'a> At<'t, 'a> {
    pub(crate) fn data(self) -> &'t Data<'a> {
        &self.tree.nodes[self.index].data
    }

    pub(crate) fn element(self) -> Option<&'t Element<'a>> {
        match self.data() {
            Data::Element(element) => Some(element),
            Data::Text(_) => None,
        }
    }

    /// Whether this is an HTML element with this name.
    pub(crate) fn is(self, name: &str) -> bool {
        self.element().is_some_and(|element| element.is_html && element.name == name)
    }

    pub(crate) fn children(self) -> impl Iterator<Item = At<'t, 'a>> {
        Siblings { tree: self.tree, next: self.index + 1, end: self.tree.nodes[self.index].end }
    }

    /// All elements inside.
    pub(crate) fn descendants(self) -> impl Iterator<Item = &'t Element<'a>> {
        self.tree.nodes[self.index + 1..self.tree.nodes[self.index].end].iter().filter_map(|node| {
            match &node.data {
                Data::Element(element) => Some(element),
                Data::Text(_) => None,
            }
        })
    }
}

struct Siblings<'t, 'a> {
    tree: &'t Tree<'a>,
    next: usize,
    end: usize,
}

impl<'t, 'a> Iterator for Siblings<'t, 'a> {
    type Item = At<'t, 'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let index = (self.next < self.end).then_some(self.next)?;
        self.next = self.tree.nodes[index].end;
        Some(At { tree: self.tree, index })
    }
}
